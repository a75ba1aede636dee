#include "cli/event_line.h"

#include <fmt/format.h>

#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::string place(const CellId& cell) {
    std::string text = one_line(cell.image) + " " + one_line(cell.case_id);
    if (!cell.variant.empty()) text += " " + one_line(variant_name(cell.variant));
    return text;
}

std::string image_line(const std::string& image, const std::string& text, double seconds) {
    return fmt::format("{}: {} ({})", one_line(image), one_line(text), duration(seconds));
}

std::string alarm_text(int silent_misses, Colour colour) {
    if (silent_misses == 0) return "";
    return "  " + paint("SILENT MISS, " + counted(static_cast<std::size_t>(silent_misses), "time"),
                        alarm_colour, colour);
}

std::string cell_line(const CellResult& cell, Colour colour) {
    const bool as_expected = cell.outcome == Outcome::Pass || cell.outcome == Outcome::Skipped;
    std::string line =
        fmt::format("{} {}: {}", mark_text(cell.outcome, colour), cell_name(cell),
                    as_expected ? std::string(to_string(cell.verdict)) : verdict_and_expected(cell));
    if (const std::string why = reason(cell); !why.empty()) line += ": " + why;
    if (cell.outcome != Outcome::Skipped) line += fmt::format(" ({})", duration(cell.seconds));
    // What the failure explains is no alarm.
    if (const int alarming = cell.alarming_misses(); alarming > 0) return line + alarm_text(alarming, colour);
    if (const auto misses = static_cast<std::size_t>(cell.silent_misses()); misses > 0)
        line += "  silent miss, " + counted(misses, "time");
    return line;
}

std::string observed_line(const CellObserved& event, Colour colour) {
    const bool infra = event.verdict == Verdict::InfraError;
    const std::string because = event.because.empty() ? "" : ": " + one_line(event.because);
    return fmt::format("{} {}: {}{} ({})", mark_text(infra ? Outcome::Infra : Outcome::Pass, colour),
                       place(event.cell), to_string(event.verdict), because, duration(event.seconds)) +
           alarm_text(event.silent_misses, colour);
}

}  // namespace

std::string build_step_text(const BuildStep& event) {
    const std::string done = event.fraction ? fmt::format(", {:.0f} %", *event.fraction * 100) : "";
    return "building: " + one_line(event.step) + done;
}

std::string event_line(const Event& event, Colour colour) {
    return std::visit(
        overloaded{
            [](const BuildStep& step) { return one_line(step.image) + ": " + build_step_text(step); },
            [](const ImageReady& ready) { return image_line(ready.image.name, "ready", ready.seconds); },
            [](const ImageFailed& failed) { return image_line(failed.image, failed.why, failed.seconds); },
            [](const PackagesRefused& refused) {
                return image_line(refused.image, refused.why, refused.seconds);
            },
            [](const CellStarted& started) { return place(started.cell) + ": started"; },
            [](const ArmStarted& started) {
                return fmt::format("{}: {}: started", place(started.cell), one_line(started.arm.text()));
            },
            [](const StepStarted& started) {
                return fmt::format("{}: {}: {}", place(started.cell), one_line(started.arm.text()),
                                   one_line(started.step));
            },
            [](const ArmEnded& ended) {
                return fmt::format("{}: {}: {} ({})", place(ended.cell), one_line(ended.arm.text()),
                                   ended.held ? "held" : "did not hold: " + one_line(ended.seen),
                                   duration(ended.seconds));
            },
            [&](const CellEnded& ended) { return cell_line(ended.cell, colour); },
            [&](const SurvivalEnded& ended) { return cell_line(ended.cell, colour); },
            [&](const CellObserved& observed) { return observed_line(observed, colour); },
            [](const Message& message) { return one_line(message.text, 4000); },
        },
        event);
}

}  // namespace clamproof
