#include "reports/atlas/atlas.h"

#include <fmt/format.h>

#include <algorithm>

#include "casefile/when.h"
#include "reports/atlas/feed.h"
#include "reports/page.h"
#include "reports/report_pages.h"
#include "results/again.h"
#include "results/results_json.h"
#include "support/error.h"
#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

Facts facts_of(const RunResults& run, const std::string& image) {
    const auto found = std::find_if(run.images.begin(), run.images.end(),
                                    [&](const ImageInfo& info) { return info.name == image; });
    return found == run.images.end() ? Facts() : found->facts;
}

std::map<RunKey, std::size_t> numbers_of(const std::vector<RunKey>& runs) {
    std::map<RunKey, std::size_t> numbers;
    for (const RunKey& run : runs) numbers.emplace(run, numbers.size());
    return numbers;
}

template <typename Map>
std::vector<typename Map::key_type> keys_of(const Map& map) {
    std::vector<typename Map::key_type> keys;
    for (const auto& [key, value] : map) keys.push_back(key);
    return keys;
}

// What a field comes to: of results that tell something where there are such, else of all.
struct Tally {
    explicit Tally(const AtlasField& field) {
        known = std::any_of(field.begin(), field.end(),
                            [](const auto& cell) { return tells(current(cell.second)); });
        for (const auto& [cell, results] : field) {
            const AtlasResult& result = current(results);
            if (tells(result) != known) continue;
            ++verdicts[std::string(to_string(result.verdict))];
            seen = std::max(seen, result.run.first);
            if (known) silent_misses += result.silent_misses;
            disagreements += disagree(results) ? 1 : 0;
        }
    }

    bool known = false;
    std::map<std::string, int> verdicts;
    std::string seen;  // when the newest run of them began
    int silent_misses = 0;
    int disagreements = 0;
};

// A case on a guest, and what it comes to.
struct CountedField {
    const AtlasGuest* guest;
    const AtlasField* field;
    Tally tally;
};

// A case, and what it comes to on each guest.
struct CountedCase {
    std::string id;
    std::vector<CountedField> fields{};

    auto guests_with_silent_misses() const {
        return std::count_if(fields.begin(), fields.end(),
                             [](const CountedField& field) { return field.tally.silent_misses > 0; });
    }
};

// Silent misses first: the cases that have them on most guests.
std::vector<CountedCase> in_order_of_harm(const AtlasFields& fields) {
    std::vector<CountedCase> cases;
    for (const auto& [id, guests] : fields) {
        CountedCase counted_case{.id = id};
        for (const auto& [guest, field] : guests)
            counted_case.fields.push_back({.guest = &guest, .field = &field, .tally = Tally(field)});
        cases.push_back(std::move(counted_case));
    }
    std::stable_sort(cases.begin(), cases.end(), [](const CountedCase& one, const CountedCase& other) {
        return one.guests_with_silent_misses() > other.guests_with_silent_misses();
    });
    return cases;
}

// What names runs, guests and texts by their numbers.
struct AtlasWriter {
    const std::map<RunKey, std::size_t>& runs;
    const std::map<AtlasGuest, std::size_t>& guests;
    Texts texts{};

    std::size_t number(const RunKey& run) const { return runs.size() - 1 - runs.at(run); }

    JsonOut json_of(const AtlasResult& result) {
        return {{"run", number(result.run)},     {"verdict", to_string(result.verdict)},
                {"flaky", result.flaky},         {"silent_misses", result.silent_misses},
                {"on", texts.number(result.on)}, {"words", texts.numbers(result.words)}};
    }

    JsonOut json_of(std::size_t of_case, const CountedField& counted_field) {
        const auto& [guest, field, tally] = counted_field;
        JsonOut cells = JsonOut::array();
        for (const auto& [name, results] : *field) {
            JsonOut told = JsonOut::array();
            for (const AtlasResult& result : results) told.push_back(json_of(result));
            cells.push_back({{"image", json_text(name.first)},
                             {"variant", json_text(name.second)},
                             {"disagrees", disagree(results)},
                             {"current", &current(results) - results.data()},
                             {"results", std::move(told)}});
        }
        return {{"case", of_case},
                {"guest", guests.at(*guest)},
                {"known", tally.known},
                {"verdicts", tally.verdicts},
                {"seen", json_text(tally.seen)},
                {"silent_misses", tally.silent_misses},
                {"disagreements", tally.disagreements},
                {"cells", std::move(cells)}};
    }

    JsonOut json_of(const AtlasSide& side) const {
        return {{"run", number(side.run)},
                {"guest", guests.at(side.guest)},
                {"verdict", to_string(side.verdict)},
                {"flaky", side.flaky},
                {"silent", side.silent}};
    }

    JsonOut json_of(std::size_t of_case, const AtlasChange& change) {
        return {{"id", change.id},
                {"case", of_case},
                {"image", json_text(change.image)},
                {"variants", json_texts(change.variants)},
                {"before", json_of(change.before)},
                {"after", json_of(change.after)},
                {"packages", change.packages ? texts.numbers(*change.packages) : JsonOut()}};
    }
};

std::string one_a_line(const JsonOut& list) {
    std::string text = "[";
    std::string_view before = "\n";
    for (const JsonOut& one : list) {
        text += before;
        text += json_line(one);
        before = ",\n";
    }
    return text + "\n]";
}

}  // namespace

AtlasRun read_atlas_run(std::string_view text, const std::string& name) {
    AtlasRun source{.name = name, .digest = sha256(text), .read = foreign_run_from_json(text, name)};
    if (source.read.version != results_version && source.read.run.results.empty())
        throw InputError(fmt::format(
            "{}: of these results of version {} this clamproof, which reads version {}, can read none", name,
            source.read.version, results_version));
    return source;
}

std::string Atlas::add(const AtlasRun& source) {
    const auto& [run, shape, unreadable] = source.read;
    const RunKey key = {run.started, source.digest};
    const std::string host = fmt::format(
        "{}, {}", run.host.cpu, counted(static_cast<std::size_t>(std::max(run.host.cores, 0)), "core"));
    if (runs_.emplace(key, Run{.clamproof = run.clamproof, .host = host, .version = shape}).second) {
        for (const CaseInfo& info : run.cases)
            if (auto& known = cases_[info.id]; known.first <= key) known = {key, info};
        for (const ImageInfo& image : run.images)
            images_[key][image.name] = {.packages = image.packages, .installed = !image.installed.empty()};
        for (const CellResult& cell : run.results) add_result(cell, key, run);
    }
    if (shape == results_version) return "";
    return fmt::format("{}: results of version {} are read as far as version {} goes{}", source.name, shape,
                       results_version,
                       unreadable > 0 ? fmt::format("; {} could not be", counted(unreadable, "cell")) : "");
}

void Atlas::add_result(const CellResult& cell, const RunKey& key, const RunResults& run) {
    Facts facts = facts_of(run, cell.image);
    auto& results = fields_[cell.case_id][atlas_guest(facts)][{cell.image, variant_name(cell.variant)}];
    const auto place = std::find_if(results.begin(), results.end(),
                                    [&](const AtlasResult& other) { return other.run < key; });
    results.insert(place, {.run = key,
                           .verdict = cell.verdict,
                           .flaky = cell.outcome == Outcome::Flaky,
                           .silent_misses = cell.silent_misses(),
                           .on = facts["kind"] == "container" ? run.host.containers : run.host.accelerator,
                           .words = evidence_of(cell)});
    if (cell.verdict == Verdict::Fixed) add_recipe_command(cell, key);
}

bool Atlas::RecipeCommand::better_than(const RecipeCommand& other) const {
    if (plain != other.plain) return plain;
    return run == other.run ? command < other.command : run > other.run;
}

// A reader has a clamproof of their own, and packages in a folder of their own.
void Atlas::add_recipe_command(const CellResult& cell, const RunKey& key) {
    CellResult elsewhere = blank_result(cell.id(), {}, Called());
    for (const auto& file : cell.install) elsewhere.install.push_back(fs::path(file).filename());
    RecipeCommand command{.plain = cell.install.empty(), .run = key, .command = recipe_command(elsewhere)};
    RecipeCommand& best = recipe_commands_[cell.case_id];
    if (best.command.empty() || command.better_than(best)) best = std::move(command);
}

// The longest of its cases that the file's name begins with: one case may be called as another one begins.
std::string Atlas::case_of_recipe(const std::string& file) const {
    std::string found;
    for (const auto& [id, fields] : fields_)
        if ((file == id + ".sh" || file.starts_with(id + "-")) && id.size() > found.size()) found = id;
    return found;
}

std::map<std::string, std::string> Atlas::recipes() const {
    std::map<std::string, std::string> scripts;
    for (const auto& [file, text] : recipes_)
        if (!case_of_recipe(file).empty()) scripts.emplace(file, text);
    return scripts;
}

void Atlas::add_upgrade(const AtlasUpgrade& upgrade) {
    upgrades_.try_emplace({upgrade.started, upgrade.digest, upgrade.image, upgrade.state}, upgrade);
}

void Atlas::add_bisection(std::string_view text, const std::string& name) {
    const Json json = parse_json(text, name);
    ObjectReader reader(json, "bisect.json");
    Bisection found{.started = read_text(reader, "started"),
                    .variant = variant_name(read_texts_by_name(reader, "variant")),
                    .conclusion = read_text(reader, "conclusion")};
    auto& all = bisections_[read_text(reader, "case")];
    if (std::find(all.begin(), all.end(), found) == all.end()) all.push_back(std::move(found));
    std::sort(all.begin(), all.end(), std::greater<>());
}

JsonOut Atlas::json_of_case(const std::string& id) const {
    const auto known = cases_.find(id);
    const CaseInfo info = known == cases_.end() ? CaseInfo() : known->second.second;
    JsonOut fixes = JsonOut::array(), bisections = JsonOut::array(), recipes = JsonOut::array();
    for (const auto& fix : info.fixes)
        fixes.push_back({{"id", json_text(fix.id)}, {"documented", json_text(fix.documented)}});
    if (const auto found = bisections_.find(id); found != bisections_.end())
        for (const Bisection& one : found->second)
            bisections.push_back({{"started", json_text(one.started)},
                                  {"variant", json_text(one.variant)},
                                  {"conclusion", json_text(one.conclusion)}});
    for (const auto& [file, text] : recipes_)
        if (case_of_recipe(file) == id) recipes.push_back(json_text(file));
    const auto command = recipe_commands_.find(id);
    return {{"id", json_text(id)},
            {"title", json_text(info.title)},
            {"story", json_text(info.story)},
            {"source", json_text(info.source)},
            {"fixes", std::move(fixes)},
            {"bisections", std::move(bisections)},
            {"recipes", std::move(recipes)},
            {"recipe_command", json_text(command == recipe_commands_.end() ? "" : command->second.command)}};
}

JsonOut Atlas::json_of_runs() const {
    JsonOut runs = JsonOut::array();
    std::for_each(runs_.rbegin(), runs_.rend(), [&](const auto& entry) {
        const auto& [key, run] = entry;
        runs.push_back({{"started", json_text(key.first)},
                        {"clamproof", json_text(run.clamproof)},
                        {"results_version", run.version},
                        {"host", json_text(run.host)}});
    });
    return runs;
}

// Guests that results or upgrades are about, by their places in the list.
std::map<AtlasGuest, std::size_t> Atlas::numbered_guests() const {
    std::map<AtlasGuest, std::size_t> guests;
    for (const auto& [id, of_case] : fields_)
        for (const auto& [guest, field] : of_case) guests[guest] = 0;
    for (const auto& [key, upgrade] : upgrades_)
        for (const auto& guest : {upgrade.before, upgrade.after})
            if (guest) guests[*guest] = 0;
    std::size_t next = 0;
    for (auto& [guest, number] : guests) number = next++;
    return guests;
}

std::string Atlas::json(const std::vector<AtlasChange>& all_changes) const {
    JsonOut cases = JsonOut::array(), guests = JsonOut::array(), fields = JsonOut::array(),
            changes = JsonOut::array(), upgrades = JsonOut::array();
    const auto run_numbers = numbers_of(keys_of(runs_));
    const auto guest_numbers = numbered_guests();
    for (const auto& [guest, number] : guest_numbers)
        guests.push_back({{"distro", json_text(guest.distro)},
                          {"release", json_text(guest.release)},
                          {"clamd", json_text(guest.clamd)}});
    AtlasWriter writer{.runs = run_numbers, .guests = guest_numbers};
    std::map<std::string, std::size_t> case_numbers;
    for (const CountedCase& one : in_order_of_harm(fields_)) {
        case_numbers.emplace(one.id, cases.size());
        for (const CountedField& field : one.fields) fields.push_back(writer.json_of(cases.size(), field));
        cases.push_back(json_of_case(one.id));
    }
    for (const AtlasChange& change : all_changes)
        changes.push_back(writer.json_of(case_numbers.at(change.case_id), change));
    std::for_each(upgrades_.rbegin(), upgrades_.rend(), [&](const auto& entry) {
        upgrades.push_back(json_of_upgrade(entry.second, writer.texts,
                                           [&](const AtlasGuest& guest) { return guest_numbers.at(guest); }));
    });
    return fmt::format(
        "{{\n\"version\": {},\n\"runs\": {},\n\"guests\": {},\n\"cases\": {},\n\"fields\": {},\n"
        "\"changes\": {},\n\"upgrades\": {},\n\"texts\": {}\n}}\n",
        version, one_a_line(json_of_runs()), one_a_line(guests), one_a_line(cases), one_a_line(fields),
        one_a_line(changes), one_a_line(upgrades), one_a_line(writer.texts.take()));
}

std::string Atlas::feed(const std::vector<AtlasChange>& all_changes) const {
    return atlas_feed(all_changes, keys_of(runs_));
}

std::string atlas_html(std::string_view json) {
    return page_with_data(atlas_page, json);
}

}  // namespace clamproof
