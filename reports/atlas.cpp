#include "reports/atlas.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "casefile/when.h"
#include "reports/log_files.h"
#include "reports/page.h"
#include "reports/report_pages.h"
#include "reports/sections.h"
#include "results/results_json.h"
#include "support/error.h"
#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

// What a result's evidence may take: 20,000 results are to be one page.
constexpr std::size_t line_limit = 200, lines_limit = 8;

// Whether it is about the failure, not about the guest, the packages or the harness alone.
bool tells(const AtlasResult& result) {
    switch (result.verdict) {
        case Verdict::Fixed:
        case Verdict::Immune:
        case Verdict::FixFailed:
        case Verdict::SelfHealed:
        case Verdict::DifferentFailure:
        case Verdict::Reproduced:
            return true;
        default:
            return false;
    }
}

bool is_reproduced(Verdict verdict) {
    return verdict == Verdict::Fixed || verdict == Verdict::FixFailed || verdict == Verdict::SelfHealed ||
           verdict == Verdict::Reproduced;
}

// Whether both can be true of one guest. Who did not ask for fixes says nothing against them.
bool agree(const AtlasResult& one, const AtlasResult& other) {
    if ((one.silent_misses > 0) != (other.silent_misses > 0)) return false;
    const bool asked = one.verdict != Verdict::Reproduced && other.verdict != Verdict::Reproduced;
    return asked ? one.verdict == other.verdict : is_reproduced(one.verdict) && is_reproduced(other.verdict);
}

// What counts today: the newest that tells something of the failure, else the newest.
const AtlasResult& current(const std::vector<AtlasResult>& results) {
    const auto found = std::find_if(results.begin(), results.end(), tells);
    return found == results.end() ? results.front() : *found;
}

bool disagree(const std::vector<AtlasResult>& results) {
    return std::any_of(results.begin(), results.end(), [&](const AtlasResult& result) {
        return result.flaky || (tells(result) && !agree(result, current(results)));
    });
}

std::vector<std::string> words_of_failing(const Arm& arm) {
    std::vector<std::string> words;
    for (const Step& step : arm.steps) {
        if (step.what != "probe" && step.what != "evidence") continue;
        const auto lines = lines_of((step.out.empty() ? step.err : step.out).raw());
        if (!lines.empty()) words.push_back(fmt::format("{}: {}", step.what, lines.back()));
    }
    for (const Denial& denial : arm.denials) words.push_back("denied: " + denial_line(denial));
    return words;
}

std::vector<std::string> evidence_of(const CellResult& cell) {
    std::vector<std::string> words;
    if (!cell.because.empty()) words.push_back(cell.because);
    for (const auto& [which, what] : {std::pair(Misses::Alarming, "silent miss that no failure explains"),
                                      std::pair(Misses::Explained, "silent miss")})
        if (const auto missed = misses_in_short(cell, which); !missed.empty())
            words.push_back(fmt::format("{}: {}", what, missed));
    for (const Arm& arm : cell.arms) {
        if (!arm.held)
            words.push_back(fmt::format("{}: {}", arm.id.text(), arm.seen));
        else if (arm.id.is_fix())
            words.push_back("cured by " + arm.id.fix_id());
        else if (arm.id == ArmId::failing())
            for (auto& line : words_of_failing(arm)) words.push_back(std::move(line));
    }
    words.resize(std::min(words.size(), lines_limit));
    for (auto& line : words) line = one_line(line, line_limit);
    return words;
}

Facts facts_of(const RunResults& run, const std::string& image) {
    const auto found = std::find_if(run.images.begin(), run.images.end(),
                                    [&](const ImageInfo& info) { return info.name == image; });
    return found == run.images.end() ? Facts() : found->facts;
}

template <typename Map>
std::map<typename Map::key_type, std::size_t> numbers_of(const Map& map) {
    std::map<typename Map::key_type, std::size_t> numbers;
    for (const auto& [key, value] : map) numbers.emplace(key, numbers.size());
    return numbers;
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

// Silent misses first: the cases that have them on most guests.
std::vector<std::string> in_order_of_harm(
    const std::map<std::string, std::map<AtlasGuest, AtlasField>>& fields) {
    std::vector<std::pair<long, std::string>> cases;
    for (const auto& [id, guests] : fields)
        cases.emplace_back(
            -std::count_if(guests.begin(), guests.end(),
                           [](const auto& guest) { return Tally(guest.second).silent_misses > 0; }),
            id);
    std::sort(cases.begin(), cases.end());
    std::vector<std::string> names;
    for (auto& [harm, id] : cases) names.push_back(std::move(id));
    return names;
}

// Its fields, and the numbers that they name runs and texts by.
struct FieldWriter {
    const std::map<RunKey, std::size_t>& runs;
    Texts texts{};

    JsonOut json_of(const AtlasResult& result) {
        return {{"run", runs.size() - 1 - runs.at(result.run)},
                {"verdict", to_string(result.verdict)},
                {"flaky", result.flaky},
                {"silent_misses", result.silent_misses},
                {"on", texts.number(result.on)},
                {"words", texts.numbers(result.words)}};
    }

    JsonOut json_of(std::size_t of_case, std::size_t guest, const AtlasField& field) {
        const Tally tally(field);
        JsonOut cells = JsonOut::array();
        for (const auto& [name, results] : field) {
            JsonOut told = JsonOut::array();
            for (const AtlasResult& result : results) told.push_back(json_of(result));
            cells.push_back({{"image", json_text(name.first)},
                             {"variant", json_text(name.second)},
                             {"disagrees", disagree(results)},
                             {"current", &current(results) - results.data()},
                             {"results", std::move(told)}});
        }
        return {{"case", of_case},
                {"guest", guest},
                {"known", tally.known},
                {"verdicts", tally.verdicts},
                {"seen", json_text(tally.seen)},
                {"silent_misses", tally.silent_misses},
                {"disagreements", tally.disagreements},
                {"cells", std::move(cells)}};
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

bool AtlasGuest::operator<(const AtlasGuest& other) const {
    const auto rank = [](const AtlasGuest& one, const AtlasGuest& two) {
        return std::tuple(one.distro.empty() - two.distro.empty(), one.distro.compare(two.distro),
                          compare_versions(one.release, two.release), compare_versions(one.clamd, two.clamd),
                          one.release.compare(two.release), one.clamd.compare(two.clamd));
    };
    return rank(*this, other) < std::tuple(0, 0, 0, 0, 0, 0);
}

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
        for (const CellResult& cell : run.results) add_result(cell, key, run);
    }
    if (shape == results_version) return "";
    return fmt::format("{}: results of version {} are read as far as version {} goes{}", source.name, shape,
                       results_version,
                       unreadable > 0 ? fmt::format("; {} could not be", counted(unreadable, "cell")) : "");
}

void Atlas::add_result(const CellResult& cell, const RunKey& key, const RunResults& run) {
    Facts facts = facts_of(run, cell.image);
    AtlasField& field = fields_[cell.case_id][{
        .distro = facts["distro"], .release = facts["release"], .clamd = facts["clamd"]}];
    auto& results = field[{cell.image, variant_name(cell.variant)}];
    const auto place = std::find_if(results.begin(), results.end(),
                                    [&](const AtlasResult& other) { return other.run < key; });
    results.insert(place, {.run = key,
                           .verdict = cell.verdict,
                           .flaky = cell.outcome == Outcome::Flaky,
                           .silent_misses = cell.silent_misses(),
                           .on = facts["kind"] == "container" ? run.host.containers : run.host.accelerator,
                           .words = evidence_of(cell)});
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
    JsonOut fixes = JsonOut::array(), bisections = JsonOut::array();
    for (const auto& fix : info.fixes)
        fixes.push_back({{"id", json_text(fix.id)}, {"documented", json_text(fix.documented)}});
    if (const auto found = bisections_.find(id); found != bisections_.end())
        for (const Bisection& one : found->second)
            bisections.push_back({{"started", json_text(one.started)},
                                  {"variant", json_text(one.variant)},
                                  {"conclusion", json_text(one.conclusion)}});
    return {{"id", json_text(id)},
            {"title", json_text(info.title)},
            {"story", json_text(info.story)},
            {"source", json_text(info.source)},
            {"fixes", std::move(fixes)},
            {"bisections", std::move(bisections)}};
}

std::string Atlas::json() const {
    JsonOut runs = JsonOut::array(), cases = JsonOut::array(), guests = JsonOut::array(),
            fields = JsonOut::array();
    std::for_each(runs_.rbegin(), runs_.rend(), [&](const auto& entry) {
        const auto& [key, run] = entry;
        runs.push_back({{"started", json_text(key.first)},
                        {"clamproof", json_text(run.clamproof)},
                        {"results_version", run.version},
                        {"host", json_text(run.host)}});
    });
    std::map<AtlasGuest, bool> met;
    for (const auto& [id, of_case] : fields_)
        for (const auto& [guest, field] : of_case) met[guest] = true;
    for (const auto& [guest, ignored] : met)
        guests.push_back({{"distro", json_text(guest.distro)},
                          {"release", json_text(guest.release)},
                          {"clamd", json_text(guest.clamd)}});
    const auto run_numbers = numbers_of(runs_);
    const auto guest_numbers = numbers_of(met);
    FieldWriter writer{.runs = run_numbers};
    for (const std::string& id : in_order_of_harm(fields_)) {
        for (const auto& [guest, field] : fields_.at(id))
            fields.push_back(writer.json_of(cases.size(), guest_numbers.at(guest), field));
        cases.push_back(json_of_case(id));
    }
    return fmt::format(
        "{{\n\"version\": {},\n\"runs\": {},\n\"guests\": {},\n\"cases\": {},\n\"fields\": {},\n"
        "\"texts\": {}\n}}\n",
        version, one_a_line(runs), one_a_line(guests), one_a_line(cases), one_a_line(fields),
        one_a_line(writer.texts.take()));
}

std::string atlas_html(std::string_view json) {
    return page_with_data(atlas_page, json);
}

}  // namespace clamproof
