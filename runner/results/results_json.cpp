#include "results/results_json.h"

#include <fmt/format.h>

#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

JsonOut json_of(const Scan& scan) {
    return {{"method", json_text(scan.method)}, {"file", json_text(scan.file)},
            {"infected", scan.infected},        {"outcome", json_text(scan.outcome)},
            {"step", json_text(scan.step)},     {"fault", to_string(scan.fault)},
            {"silent_miss", scan.silent_miss()}};
}

JsonOut json_of(const Denial& denial) {
    JsonOut json = {{"lsm", json_text(denial.lsm)},
                    {"source", json_text(denial.source)},
                    {"target", json_text(denial.target)},
                    {"class", json_text(denial.object)},
                    {"permission", json_text(denial.permission)},
                    {"comm", json_text(denial.comm)},
                    {"path", json_text(denial.path)},
                    {"port", denial.ports.empty() ? JsonOut() : JsonOut(denial.ports.begin()->first)},
                    {"count", denial.count},
                    {"first", json_seconds(denial.first)},
                    {"last", json_seconds(denial.last)}};
    if (denial.ports.size() > 1)
        for (const auto& [port, times] : denial.ports) json["ports"][std::to_string(port)] = times;
    return json;
}

JsonOut json_of(const Step& step) {
    return {{"what", json_text(step.what)},
            {"script", json_text(step.script)},
            {"exit", step.exit},
            {"timed_out", step.timed_out},
            {"stdout", json_text(step.out, step_output_limit)},
            {"stderr", json_text(step.err, step_output_limit)},
            {"seconds", json_seconds(step.seconds)},
            {"shared", json_text(step.shared)}};
}

JsonOut json_of(const FailingState& state) {
    return {{"saved", state.saved},
            {"save_seconds", json_seconds(state.save_seconds)},
            {"again_seconds", json_seconds(state.again_seconds)},
            {"starts", state.starts}};
}

JsonOut json_of(const Arm& arm) {
    return {{"name", json_text(arm.id.text())},
            {"claim", json_text(arm.claim)},
            {"held", arm.held},
            {"seen", json_text(arm.seen)},
            {"seconds", json_seconds(arm.seconds)},
            {"steps", json_list(arm.steps, json_of)},
            {"denials", json_list(arm.denials, json_of)},
            {"scans", json_list(arm.scans, json_of)},
            {"notes", json_texts(arm.notes)},
            {"changes", json_texts(arm.changes)},
            {"artifacts", json_texts(arm.artifacts)}};
}

/// What each fix changed, by the fix's id: drawn from the arms, so that a reader need not search them.
JsonOut changes_of(const std::vector<Arm>& arms) {
    JsonOut changes = JsonOut::object();
    for (const Arm& arm : arms) {
        if (arm.id.is_fix()) changes[json_text(arm.id.fix_id()).get<std::string>()] = json_texts(arm.changes);
    }
    return changes;
}

Scan read_scan(const Json& json) {
    ObjectReader reader(json, "a scan");
    Scan scan{.method = read_text(reader, "method"),
              .file = read_text(reader, "file"),
              .infected = read_flag(reader, "infected"),
              .outcome = reader.word("outcome", {"found", "clean", "error"}),
              .step = read_text(reader, "step"),
              .fault = *fault_from(reader.word("fault", {"absent", "present", "fixed"}))};
    read_flag(reader, "silent_miss");  // says again what infected and outcome say
    reader.finish();
    return scan;
}

std::map<int, int> read_ports(ObjectReader& reader) {
    std::map<int, int> ports;
    for (const Json::Member& member : reader.at("ports").as_object("\"ports\"")) {
        const auto port = number_from<int>(member.key);
        if (!port) throw member.value.error(fmt::format("\"{}\" is no port", member.key));
        ports[*port] = static_cast<int>(member.value.as_integer("the count of a port"));
    }
    return ports;
}

Denial read_denial(const Json& json) {
    ObjectReader reader(json, "a denial");
    Denial denial{.lsm = read_text(reader, "lsm"),
                  .source = read_text(reader, "source"),
                  .target = read_text(reader, "target"),
                  .object = read_text(reader, "class"),
                  .permission = read_text(reader, "permission"),
                  .comm = read_text(reader, "comm"),
                  .path = read_text(reader, "path"),
                  .ports = {},
                  .count = read_integer(reader, "count"),
                  .first = read_number(reader, "first"),
                  .last = read_number(reader, "last")};
    if (const auto port = read_optional_integer(reader, "port")) denial.ports[*port] = denial.count;
    if (reader.find("ports")) denial.ports = read_ports(reader);
    reader.finish();
    return denial;
}

Step read_step(const Json& json) {
    ObjectReader reader(json, "a step");
    Step step{.what = read_text(reader, "what"),
              .script = read_text(reader, "script"),
              .exit = read_integer(reader, "exit"),
              .timed_out = read_flag(reader, "timed_out"),
              .out = read_text(reader, "stdout"),
              .err = read_text(reader, "stderr"),
              .seconds = read_number(reader, "seconds"),
              .shared = read_text(reader, "shared")};
    reader.finish();
    return step;
}

FailingState read_failing_state(const Json& json) {
    ObjectReader reader(json, "a failing state");
    FailingState state{.saved = read_flag(reader, "saved"),
                       .save_seconds = read_number(reader, "save_seconds"),
                       .again_seconds = read_number(reader, "again_seconds"),
                       .starts = read_integer(reader, "starts")};
    reader.finish();
    return state;
}

Arm read_arm(const Json& json) {
    ObjectReader reader(json, "an arm");
    Arm arm;
    arm.id = read_arm_id(reader, "name");
    arm.claim = read_text(reader, "claim");
    arm.held = read_flag(reader, "held");
    arm.seen = read_text(reader, "seen");
    arm.seconds = read_number(reader, "seconds");
    arm.steps = read_list(reader, "steps", read_step);
    arm.denials = read_list(reader, "denials", read_denial);
    arm.scans = read_list(reader, "scans", read_scan);
    arm.notes = read_texts(reader, "notes");
    arm.changes = read_texts(reader, "changes");
    arm.artifacts = read_texts(reader, "artifacts");
    reader.finish();
    return arm;
}

/// One of the words that `from` knows. @param what it is, with examples
template <typename T>
T read_word(ObjectReader& reader, const char* key, std::optional<T> (*from)(std::string_view),
            std::string_view what) {
    const std::string text = read_text(reader, key);
    if (auto value = from(text)) return *std::move(value);
    throw reader.error(key, fmt::format("\"{}\" is no {}", shortened(text, 200), what));
}

// The program, then its options.
std::vector<std::string> words_of(const Called& called) {
    std::vector<std::string> words = {called.program};
    words.insert(words.end(), called.options.begin(), called.options.end());
    return words;
}

// An earlier clamproof did not write it.
Called read_called(ObjectReader& reader) {
    if (!reader.find("called")) return {};
    auto words = read_texts(reader, "called");
    if (words.empty()) throw reader.error("called", "names no program");
    return {.program = words.front(), .options = {words.begin() + 1, words.end()}};
}

CaseInfo::Fix read_fix(const Json& json) {
    ObjectReader reader(json, "a fix");
    CaseInfo::Fix fix{.id = read_text(reader, "id"), .documented = read_text(reader, "documented")};
    reader.finish();
    return fix;
}

JsonOut json_of(const std::optional<Shard>& shard) {
    if (!shard) return {};
    return {{"number", shard->number}, {"of", shard->of}};
}

std::optional<Shard> read_shard(const Json& json) {
    if (json.is_null()) return std::nullopt;
    ObjectReader reader(json, "a shard");
    const Shard shard{.number = read_integer(reader, "number"), .of = read_integer(reader, "of")};
    if (shard.number < 1 || shard.number > shard.of)
        throw reader.error("number", fmt::format("there is no shard {} of {}", shard.number, shard.of));
    reader.finish();
    return shard;
}

void check_version(ObjectReader& reader) {
    const int version = read_integer(reader, "version");
    if (version == results_version) return;
    throw reader.error("version",
                       fmt::format("these results have version {}, but this clamproof reads version {}; run "
                                   "the cases again, or use the clamproof that wrote them",
                                   version, results_version));
}

/// One element a line.
template <typename Items>
void append_list(std::string& text, std::string_view key, const Items& items, std::string_view end) {
    text += fmt::format("\"{}\": [", key);
    std::string_view before = "\n";
    for (const auto& item : items) {
        text += before;
        text += json_line(json_of(item));
        before = ",\n";
    }
    text += "\n]";
    text += end;
}

}  // namespace

ArmId read_arm_id(ObjectReader& reader, const char* key) {
    return read_word<ArmId>(reader, key, ArmId::from, "arm, such as healthy or fix:ID");
}

Verdict read_verdict(ObjectReader& reader, const char* key) {
    return read_word<Verdict>(reader, key, verdict_from, "verdict, such as fixed or immune");
}

JsonOut json_of(const HostInfo& host) {
    return {{"accelerator", json_text(host.accelerator)},
            {"why", json_text(host.why)},
            {"scale", json_seconds(host.scale)},
            {"qemu", json_text(host.qemu)},
            {"libvirt", json_text(host.libvirt)},
            {"cpu", json_text(host.cpu)},
            {"cores", host.cores},
            {"uri", json_text(host.uri)},
            {"containers", json_text(host.containers)}};
}

JsonOut json_of(const ImageInfo& image) {
    return {{"name", json_text(image.name)},
            {"digest", json_text(image.digest)},
            {"facts", json_texts(image.facts)},
            {"packages", json_texts(image.packages)},
            {"installed", json_texts(image.installed)}};
}

HostInfo read_host_info(const Json& json) {
    ObjectReader reader(json, "the host");
    HostInfo host{.accelerator = read_text(reader, "accelerator"),
                  .why = read_text(reader, "why"),
                  .scale = read_number(reader, "scale"),
                  .qemu = read_text(reader, "qemu"),
                  .libvirt = read_text(reader, "libvirt"),
                  .cpu = read_text(reader, "cpu"),
                  .cores = read_integer(reader, "cores"),
                  .uri = read_text(reader, "uri")};
    if (reader.find("containers")) host.containers = read_text(reader, "containers");
    reader.finish();
    return host;
}

ImageInfo read_image_info(const Json& json) {
    ObjectReader reader(json, "an image");
    ImageInfo image{.name = read_text(reader, "name"),
                    .digest = read_text(reader, "digest"),
                    .facts = read_texts_by_name(reader, "facts"),
                    .packages = read_texts_by_name(reader, "packages"),
                    .installed = read_texts_by_name(reader, "installed")};
    reader.finish();
    return image;
}

JsonOut json_of(const CellResult& cell) {
    JsonOut json = {{"image", json_text(cell.image)},
                    {"case", json_text(cell.case_id)},
                    {"variant", json_texts(cell.variant)},
                    {"verdict", to_string(cell.verdict)},
                    {"expected", cell.expected ? JsonOut(to_string(*cell.expected)) : JsonOut()},
                    {"outcome", to_string(cell.outcome)},
                    {"because", json_text(cell.because)},
                    {"silent_misses", cell.silent_misses()},
                    {"seconds", json_seconds(cell.seconds)},
                    {"arms", json_list(cell.arms, json_of)},
                    {"failing_state", cell.failing_state ? json_of(*cell.failing_state) : JsonOut()},
                    {"changes", changes_of(cell.arms)},
                    {"called", json_texts(words_of(cell.called))},
                    {"again", json_text(cell.again)},
                    {"install", json_texts(cell.install)},
                    {"known", json_text(cell.known)},
                    {"expectation", json_text(cell.expectation)},
                    {"worker", cell.worker},
                    {"began", json_seconds(cell.began)}};
    for (const CellResult& rerun : cell.reruns) json["reruns"].push_back(json_of(rerun));
    return json;
}

CellResult read_cell(const Json& json) {
    ObjectReader reader(json, "a cell");
    CellResult cell;
    cell.image = read_text(reader, "image");
    cell.case_id = read_text(reader, "case");
    cell.variant = read_texts_by_name(reader, "variant");
    cell.verdict = read_verdict(reader, "verdict");
    if (read_optional_text(reader, "expected")) cell.expected = read_verdict(reader, "expected");
    cell.outcome = read_word<Outcome>(reader, "outcome", outcome_from, "outcome, such as pass or mismatch");
    cell.because = read_text(reader, "because");
    cell.seconds = read_number(reader, "seconds");
    cell.arms = read_list(reader, "arms", read_arm);
    if (const Json& state = reader.at("failing_state"); !state.is_null())
        cell.failing_state = read_failing_state(state);
    cell.called = read_called(reader);
    cell.again = read_text(reader, "again");
    cell.install = read_texts(reader, "install");
    cell.known = read_text(reader, "known");
    cell.expectation = read_text(reader, "expectation");
    cell.worker = read_integer(reader, "worker");
    cell.began = read_number(reader, "began");
    if (reader.find("reruns")) cell.reruns = read_list(reader, "reruns", read_cell);
    // Both say again what the arms hold.
    read_integer(reader, "silent_misses");
    reader.at("changes").as_object("changes");
    reader.finish();
    return cell;
}

CaseInfo case_info(const Case& subject) {
    CaseInfo info{.id = subject.id,
                  .title = subject.title,
                  .story = subject.story,
                  .source = subject.source,
                  .fixes = {},
                  .scripts = {}};
    for (const auto& fix : subject.fixes) info.fixes.push_back({.id = fix.id, .documented = fix.documented});
    for (const auto& entry : fs::directory_iterator(subject.folder))
        if (entry.is_regular_file() && entry.path().extension() == ".sh")
            info.scripts[entry.path().filename().string()] = read_file(entry.path());
    return info;
}

JsonOut json_of(const CaseInfo& info) {
    JsonOut fixes = JsonOut::array();
    for (const auto& fix : info.fixes)
        fixes.push_back({{"id", json_text(fix.id)}, {"documented", json_text(fix.documented)}});
    JsonOut scripts = JsonOut::object();
    for (const auto& [name, text] : info.scripts)
        scripts[json_text(name).get<std::string>()] = json_text(text, step_output_limit);
    return {{"id", json_text(info.id)},       {"title", json_text(info.title)},
            {"story", json_text(info.story)}, {"source", json_text(info.source)},
            {"fixes", std::move(fixes)},      {"scripts", std::move(scripts)}};
}

CaseInfo read_case_info(const Json& json) {
    ObjectReader reader(json, "a case");
    CaseInfo info{.id = read_text(reader, "id"),
                  .title = read_text(reader, "title"),
                  .story = read_text(reader, "story"),
                  .source = read_text(reader, "source"),
                  .fixes = read_list(reader, "fixes", read_fix),
                  .scripts = read_texts_by_name(reader, "scripts")};
    reader.finish();
    return info;
}

std::string to_json(const CellResult& cell) {
    return json_line(json_of(cell));
}

std::string to_json(const RunResults& run) {
    std::string text = "{\n";
    text += fmt::format("\"version\": {},\n", results_version);
    text += fmt::format("\"clamproof\": {},\n", json_line(json_text(run.clamproof)));
    text += fmt::format("\"started\": {},\n", json_line(json_text(run.started)));
    text += fmt::format("\"seconds\": {},\n", json_line(json_seconds(run.seconds)));
    text += fmt::format("\"interrupted\": {},\n", run.interrupted);
    text += fmt::format("\"host\": {},\n", json_line(json_of(run.host)));
    text += fmt::format("\"shard\": {},\n", json_line(json_of(run.shard)));
    append_list(text, "images", run.images, ",\n");
    append_list(text, "cases", run.cases, ",\n");
    append_list(text, "results", run.results, "\n}\n");
    return text;
}

CellResult cell_from_json(std::string_view text) {
    return read_cell(parse_json(text, "a cell's result"));
}

RunResults run_from_json(std::string_view text, const std::string& name) {
    return read_run(parse_json(text, name));
}

RunResults read_run(const Json& json) {
    ObjectReader reader(json, "results.json");
    check_version(reader);
    RunResults run{.clamproof = reader.find("clamproof") ? read_text(reader, "clamproof") : "",
                   .started = read_text(reader, "started"),
                   .seconds = read_number(reader, "seconds"),
                   .interrupted = read_flag(reader, "interrupted"),
                   .host = read_host_info(reader.at("host")),
                   .shard = read_shard(reader.at("shard")),
                   .images = read_list(reader, "images", read_image_info),
                   .cases = read_list(reader, "cases", read_case_info),
                   .results = read_list(reader, "results", read_cell)};
    reader.finish();
    return run;
}

}  // namespace clamproof
