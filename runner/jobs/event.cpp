#include "jobs/event.h"

#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "results/results_json.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t largest_inspection = 2u << 20;
constexpr std::size_t largest_output = 256u << 10;

JsonOut inspected_json(const std::optional<std::string>& text) {
    return text ? json_text(*text, largest_inspection) : JsonOut();
}

JsonOut with_cell(std::string_view kind, const CellId& cell) {
    return {{"kind", kind},
            {"image", json_text(cell.image)},
            {"case", json_text(cell.case_id)},
            {"variant", json_texts(cell.variant)}};
}

JsonOut ready_json(const ImageReady& ready) {
    return {{"image", json_of(ready.image)},
            {"host", json_of(ready.host)},
            {"machine", json_text(ready.machine)},
            {"output", json_text(ready.output, largest_output)},
            {"inspected", inspected_json(ready.inspected)},
            {"seconds", json_seconds(ready.seconds)}};
}

JsonOut event_json(const BuildStep& event) {
    return {{"kind", "build-step"},
            {"image", json_text(event.image)},
            {"step", json_text(event.step)},
            {"fraction", event.fraction ? json_seconds(*event.fraction) : JsonOut()},
            {"seconds", json_seconds(event.seconds)}};
}

JsonOut event_json(const ImageReady& event) {
    return {{"kind", "build-ended"},
            {"image", json_text(event.image.name)},
            {"text", ""},
            {"seconds", json_seconds(event.seconds)},
            {"ready", ready_json(event)}};
}

JsonOut event_json(const ImageFailed& event) {
    return {{"kind", "build-ended"},
            {"image", json_text(event.image)},
            {"text", json_text(event.why)},
            {"seconds", json_seconds(event.seconds)},
            {"ready", nullptr}};
}

JsonOut event_json(const PackagesRefused& event) {
    return {{"kind", "not-installable"},
            {"image", json_text(event.image)},
            {"text", json_text(event.why)},
            {"seconds", json_seconds(event.seconds)},
            {"without", ready_json(event.without)}};
}

JsonOut event_json(const CellStarted& event) {
    return with_cell("cell-started", event.cell);
}

JsonOut event_json(const ArmStarted& event) {
    JsonOut json = with_cell("arm-started", event.cell);
    json["arm"] = json_text(event.arm.text());
    return json;
}

JsonOut event_json(const StepStarted& event) {
    JsonOut json = with_cell("step-started", event.cell);
    json["arm"] = json_text(event.arm.text());
    json["step"] = json_text(event.step);
    return json;
}

JsonOut event_json(const ArmEnded& event) {
    JsonOut json = with_cell("arm-ended", event.cell);
    json["arm"] = json_text(event.arm.text());
    json["held"] = event.held;
    json["text"] = json_text(event.seen);
    json["seconds"] = json_seconds(event.seconds);
    return json;
}

JsonOut event_json(const CellEnded& event) {
    JsonOut json = with_cell("cell-ended", event.cell.id());
    json["cell"] = json_of(event.cell);
    json["look"] = inspected_json(event.inspected);
    return json;
}

JsonOut event_json(const SurvivalEnded& event) {
    JsonOut json = with_cell("survival-ended", event.cell.id());
    json["cell"] = json_of(event.cell);
    json["fixes"] = JsonOut::array();
    for (const FixOutcome& fix : event.fixes)
        json["fixes"].push_back(
            {{"fix", json_text(fix.fix)}, {"fate", to_string(fix.fate)}, {"why", json_text(fix.why)}});
    return json;
}

JsonOut event_json(const CellObserved& event) {
    JsonOut json = with_cell("cell-observed", event.cell);
    json["verdict"] = to_string(event.verdict);
    json["because"] = json_text(event.because);
    json["silent_misses"] = event.silent_misses;
    json["seconds"] = json_seconds(event.seconds);
    return json;
}

JsonOut event_json(const Message& event) {
    return {{"kind", "message"}, {"text", json_text(event.text)}};
}

CellId read_cell_id(ObjectReader& reader) {
    return {.image = read_text(reader, "image"),
            .case_id = read_text(reader, "case"),
            .variant = read_texts_by_name(reader, "variant")};
}

ImageReady read_ready(const Json& json) {
    ObjectReader reader(json, "an image that is ready");
    ImageReady ready{.image = read_image_info(reader.at("image")),
                     .host = read_host_info(reader.at("host")),
                     .machine = read_text(reader, "machine"),
                     .output = read_text(reader, "output"),
                     .inspected = read_optional_text(reader, "inspected"),
                     .seconds = read_number(reader, "seconds")};
    reader.finish();
    return ready;
}

Event read_build_ended(ObjectReader& reader) {
    ImageFailed failed{.image = read_text(reader, "image"),
                       .why = read_text(reader, "text"),
                       .seconds = read_number(reader, "seconds")};
    const Json& ready = reader.at("ready");
    if (ready.is_null()) return failed;
    return read_ready(ready);
}

FixOutcome read_fix_outcome(const Json& json) {
    ObjectReader reader(json, "what became of a fix");
    const std::string fate = read_text(reader, "fate");
    FixOutcome outcome{
        .fix = read_text(reader, "fix"), .fate = Fate::NotTried, .why = read_text(reader, "why")};
    if (!fate_from(fate)) throw reader.error("fate", "\"" + shortened(fate, 200) + "\" is no fate of a fix");
    outcome.fate = *fate_from(fate);
    reader.finish();
    return outcome;
}

// The statements of a list run in its order, and so do complaints.
Event read_event(ObjectReader& reader, const std::string& kind) {
    if (kind == "build-step")
        return BuildStep{.image = read_text(reader, "image"),
                         .step = read_text(reader, "step"),
                         .fraction = read_optional_number(reader, "fraction"),
                         .seconds = read_number(reader, "seconds")};
    if (kind == "build-ended") return read_build_ended(reader);
    if (kind == "not-installable")
        return PackagesRefused{.image = read_text(reader, "image"),
                               .why = read_text(reader, "text"),
                               .without = read_ready(reader.at("without")),
                               .seconds = read_number(reader, "seconds")};
    if (kind == "message") return Message{.text = read_text(reader, "text")};
    CellId cell = read_cell_id(reader);
    if (kind == "cell-started") return CellStarted{.cell = std::move(cell)};
    if (kind == "arm-started") return ArmStarted{.cell = std::move(cell), .arm = read_arm_id(reader, "arm")};
    if (kind == "step-started")
        return StepStarted{
            .cell = std::move(cell), .arm = read_arm_id(reader, "arm"), .step = read_text(reader, "step")};
    if (kind == "arm-ended")
        return ArmEnded{.cell = std::move(cell),
                        .arm = read_arm_id(reader, "arm"),
                        .held = read_flag(reader, "held"),
                        .seen = read_text(reader, "text"),
                        .seconds = read_number(reader, "seconds")};
    if (kind == "cell-ended")
        return CellEnded{.cell = read_cell(reader.at("cell")),
                         .inspected = read_optional_text(reader, "look")};
    if (kind == "survival-ended")
        return SurvivalEnded{.cell = read_cell(reader.at("cell")),
                             .fixes = read_list(reader, "fixes", read_fix_outcome)};
    if (kind == "cell-observed")
        return CellObserved{.cell = std::move(cell),
                            .verdict = read_verdict(reader, "verdict"),
                            .because = read_text(reader, "because"),
                            .silent_misses = read_integer(reader, "silent_misses"),
                            .seconds = read_number(reader, "seconds")};
    throw reader.error("kind", "\"" + shortened(kind, 200) + "\" is no kind of event, such as cell-started");
}

}  // namespace

std::optional<JobResult> result_of(Event event) {
    std::optional<JobResult> result;
    std::visit(
        [&](auto& one) {
            if constexpr (std::is_constructible_v<JobResult, decltype(one)>) result.emplace(std::move(one));
        },
        event);
    return result;
}

std::string event_to_json(const Event& event) {
    return json_line(std::visit([](const auto& one) { return event_json(one); }, event));
}

Event event_from_json(std::string_view text) {
    const Json json = parse_json(text, "an event");
    ObjectReader reader(json, "an event");
    Event event = read_event(reader, read_text(reader, "kind"));
    reader.finish();
    return event;
}

}  // namespace clamproof
