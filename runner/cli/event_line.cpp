#include "cli/event_line.h"

#include <fmt/format.h>

#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::string build_line(const Event& event) {
    const std::string done = event.fraction ? fmt::format(", {:.0f} %", *event.fraction * 100) : "";
    return fmt::format("{}: building: {}{}", event_place(event), one_line(event.step), done);
}

std::string arm_line(const Event& event) {
    const std::string end = event.held ? "held" : "did not hold: " + one_line(event.text);
    return fmt::format("{}: {}: {} ({})", event_place(event), one_line(event.arm), end,
                       duration(event.seconds));
}

std::string cell_line(const Event& event, Colour colour) {
    if (!event.cell) return fmt::format("{}: ended", event_place(event));
    const CellResult& cell = *event.cell;
    const bool as_expected = cell.outcome == Outcome::Pass || cell.outcome == Outcome::Skipped;
    std::string line =
        fmt::format("{} {}: {}", mark_text(cell.outcome, colour), cell_name(cell),
                    as_expected ? std::string(to_string(cell.verdict)) : verdict_and_expected(cell));
    if (const std::string why = reason(cell); !why.empty()) line += ": " + why;
    if (cell.outcome != Outcome::Skipped) line += fmt::format(" ({})", duration(cell.seconds));
    if (cell.silent_misses() > 0) {
        const std::string alarm =
            "SILENT MISS, " + counted(static_cast<std::size_t>(cell.silent_misses()), "time");
        line += "  " + paint(alarm, alarm_colour, colour);
    }
    return line;
}

}  // namespace

std::string event_place(const Event& event) {
    std::string place = one_line(event.image);
    if (!event.case_id.empty()) place += " " + one_line(event.case_id);
    if (!event.variant.empty()) place += " " + one_line(variant_name(event.variant));
    return place;
}

std::string event_line(const Event& event, Colour colour) {
    switch (event.kind) {
        case EventKind::BuildStep:
            return build_line(event);
        case EventKind::BuildEnded:
            return fmt::format("{}: {} ({})", event_place(event),
                               event.text.empty() ? "ready" : one_line(event.text), duration(event.seconds));
        case EventKind::NotInstallable:
            return fmt::format("{}: {} ({})", event_place(event), one_line(event.text),
                               duration(event.seconds));
        case EventKind::CellStarted:
            return event_place(event) + ": started";
        case EventKind::ArmStarted:
            return fmt::format("{}: {}: started", event_place(event), one_line(event.arm));
        case EventKind::StepStarted:
            return fmt::format("{}: {}: {}", event_place(event), one_line(event.arm), one_line(event.step));
        case EventKind::ArmEnded:
            return arm_line(event);
        case EventKind::CellEnded:
            return cell_line(event, colour);
        case EventKind::Message:
            return one_line(event.text, 4000);
    }
    return "";
}

}  // namespace clamproof
