#include "jobs/events.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "results/bounded.h"
#include "results/cell_json.h"

namespace clamproof {
namespace {

constexpr std::size_t largest_look = 2u << 20;

constexpr std::array<std::pair<EventKind, std::string_view>, 9> kinds{{
    {EventKind::BuildStep, "build-step"},
    {EventKind::BuildEnded, "build-ended"},
    {EventKind::NotInstallable, "not-installable"},
    {EventKind::CellStarted, "cell-started"},
    {EventKind::ArmStarted, "arm-started"},
    {EventKind::StepStarted, "step-started"},
    {EventKind::ArmEnded, "arm-ended"},
    {EventKind::CellEnded, "cell-ended"},
    {EventKind::Message, "message"},
}};

EventKind read_kind(ObjectReader& reader, const char* key) {
    const std::string text = read_text(reader, key);
    for (const auto& [kind, name] : kinds) {
        if (text == name) return kind;
    }
    throw reader.error(key, "\"" + bounded(text, 200) + "\" is no kind of event, such as cell-started");
}

}  // namespace

std::string_view to_string(EventKind kind) {
    for (const auto& [known, name] : kinds) {
        if (known == kind) return name;
    }
    return "";
}

std::string event_to_json(const Event& event) {
    return json_line({{"kind", to_string(event.kind)},
                      {"image", json_text(event.image)},
                      {"case", json_text(event.case_id)},
                      {"variant", json_texts(event.variant)},
                      {"arm", json_text(event.arm)},
                      {"step", json_text(event.step)},
                      {"text", json_text(event.text)},
                      {"look", json_text(event.look, largest_look)},
                      {"fraction", event.fraction ? json_seconds(*event.fraction) : JsonOut()},
                      {"seconds", json_seconds(event.seconds)},
                      {"held", event.held},
                      {"cell", event.cell ? json_of(*event.cell) : JsonOut()}});
}

Event event_from_json(std::string_view text) {
    const Json json = parse_json(text, "an event");
    ObjectReader reader(json, "an event");
    Event event{.kind = read_kind(reader, "kind"),
                .image = read_text(reader, "image"),
                .case_id = read_text(reader, "case"),
                .variant = read_texts_by_name(reader, "variant"),
                .arm = read_text(reader, "arm"),
                .step = read_text(reader, "step"),
                .text = read_text(reader, "text"),
                .look = read_text(reader, "look"),
                .fraction = read_optional_number(reader, "fraction"),
                .seconds = read_number(reader, "seconds"),
                .held = read_flag(reader, "held"),
                .cell = std::nullopt};
    const Json& cell = reader.at("cell");
    if (cell.kind() != "null") event.cell = read_cell(cell);
    reader.finish();
    // Everything that shows an ended cell looks into it.
    if (event.kind == EventKind::CellEnded && !event.cell) {
        throw reader.error("cell", "an ended cell comes with its result");
    }
    return event;
}

}  // namespace clamproof
