#include "cli/live_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

/// Whole seconds: the table is not drawn often enough for more.
std::string age(double since, double now) {
    return fmt::format("{:.0f} s", std::max(0.0, now - since));
}

}  // namespace

void LiveTable::apply(const Event& event, double now) {
    begun_ = true;
    estimate_.apply(event, now);
    const auto finish = [&] { finished_.push_back(event_line(event, colour_)); };
    std::visit(
        overloaded{[&](const BuildStep& step) { note(step, now); },
                   [&](const ImageReady& ready) {
                       end_build(ready.image.name);
                       finish();
                   },
                   [&](const ImageFailed& failed) {
                       end_build(failed.image);
                       finish();
                   },
                   [&](const PackagesRefused& refused) {
                       end_build(refused.image);
                       finish();
                   },
                   [&](const CellStarted& started) {
                       // A worker that takes a built image makes steps of its own and tells no end of
                       // them.
                       end_build(started.cell.image);
                       running(started.cell, now);
                   },
                   [&](const ArmStarted& started) { arm(started.cell, started.arm, now); },
                   [&](const StepStarted& started) {
                       RunningArm& one = arm(started.cell, started.arm, now);
                       one.doing = one_line(started.step);
                       one.since = now;
                   },
                   [&](const ArmEnded& ended) {
                       std::erase_if(running(ended.cell, now).arms,
                                     [&](const RunningArm& one) { return one.id == ended.arm; });
                   },
                   [&](const CellEnded& ended) {
                       end_cell(ended.cell.id());
                       counts_.add(ended.cell);
                       if (ended.cell.outcome != Outcome::Skipped) finish();
                   },
                   [&](const SurvivalEnded& ended) {
                       end_cell(ended.cell.id());
                       finish();
                   },
                   [&](const CellObserved& observed) {
                       end_cell(observed.cell);
                       ++(observed.verdict == Verdict::InfraError ? counts_.infra_errors : counts_.passed);
                       counts_.silent_misses += static_cast<std::size_t>(observed.silent_misses);
                       finish();
                   },
                   [&](const Message&) { finish(); }},
        event);
}

std::vector<std::string> LiveTable::take_finished() {
    return std::exchange(finished_, {});
}

void LiveTable::note(const BuildStep& step, double now) {
    auto build = std::find_if(builds_.begin(), builds_.end(),
                              [&](const RunningBuild& one) { return one.image == step.image; });
    if (build == builds_.end())
        build = builds_.insert(build, {.image = step.image, .doing = "", .since = now - step.seconds});
    build->doing = build_step_text(step);
}

LiveTable::RunningCell& LiveTable::running(const CellId& cell, double now) {
    const auto known = std::find_if(running_.begin(), running_.end(),
                                    [&](const RunningCell& one) { return one.cell == cell; });
    if (known != running_.end()) return *known;
    return running_.emplace_back(RunningCell{.cell = cell, .since = now, .arms = {}});
}

LiveTable::RunningArm& LiveTable::arm(const CellId& cell, const ArmId& id, double now) {
    auto& arms = running(cell, now).arms;
    const auto known =
        std::find_if(arms.begin(), arms.end(), [&](const RunningArm& one) { return one.id == id; });
    if (known != arms.end()) return *known;
    return arms.emplace_back(RunningArm{.id = id, .doing = "", .since = now});
}

void LiveTable::end_build(const std::string& image) {
    std::erase_if(builds_, [&](const RunningBuild& one) { return one.image == image; });
}

void LiveTable::end_cell(const CellId& cell) {
    std::erase_if(running_, [&](const RunningCell& one) { return one.cell == cell; });
}

std::vector<LiveTable::Row> LiveTable::table(double now) const {
    std::vector<Row> rows;
    for (const RunningBuild& build : builds_)
        rows.push_back({age(build.since, now), one_line(build.image), "", "", "", build.doing});
    for (const RunningCell& one : running_) {
        const Row place = {one_line(one.cell.image), one_line(one.cell.case_id),
                           one_line(variant_name(one.cell.variant))};
        if (one.arms.empty()) rows.push_back({age(one.since, now), place[0], place[1], place[2], "", ""});
        for (const RunningArm& arm : one.arms)
            rows.push_back(
                {age(arm.since, now), place[0], place[1], place[2], one_line(arm.id.text()), arm.doing});
    }
    return rows;
}

std::string LiveTable::totals(double now) const {
    std::string line = fmt::format("{}", counts_.all());
    if (cells_ > 0) line += fmt::format(" of {}", cells_);
    line += fmt::format(" done in {}: {} ok", duration(std::floor(now)), counts_.passed);
    if (counts_.known > 0) line += fmt::format(", {} known", counts_.known);
    if (counts_.mismatches > 0) line += fmt::format(", {} FAIL", counts_.mismatches);
    if (counts_.flaky > 0) line += fmt::format(", {} FLAKY", counts_.flaky);
    if (counts_.infra_errors > 0) line += fmt::format(", {} ERROR", counts_.infra_errors);
    if (counts_.skipped > 0) line += fmt::format(", {} skipped", counts_.skipped);
    if (counts_.silent_misses > 0) line += fmt::format(", {} SILENT MISS", counts_.silent_misses);
    if (const auto left = estimate_.left(now); left && *left >= 1)
        line += fmt::format("; about {} left", duration(std::ceil(*left)));
    return line;
}

std::vector<std::string> LiveTable::rows(TerminalSize size, double now) const {
    if (!begun_ || size.lines < 2) return {};
    const std::vector<Row> table = this->table(now);
    // The age comes first: the end of a line is what a narrow terminal loses.
    std::array<std::size_t, 5> widths{};
    for (const auto& cells : table) {
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], columns(cells[i]));
    }
    // A line that fills the last column makes some terminals go on to the next.
    const std::size_t width = std::max<std::size_t>(size.columns, 1) - 1;
    std::vector<std::string> lines{fit(totals(now), width)};
    const std::size_t room = size.lines - 2;
    for (const auto& cells : table) {
        if (lines.size() - 1 == room && table.size() > room) break;
        std::string line = std::string(widths[0] - columns(cells[0]), ' ') + cells[0];
        for (std::size_t i = 1; i < widths.size(); ++i) {
            if (widths[i] > 0) line += "  " + pad(cells[i], widths[i]);
        }
        lines.push_back(fit(line + "  " + cells[5], width));
    }
    const std::size_t hidden = table.size() - (lines.size() - 1);
    if (hidden > 0) lines.back() = fit(fmt::format("{}, {} more running", lines.back(), hidden), width);
    return lines;
}

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
