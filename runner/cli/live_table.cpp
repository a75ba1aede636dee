#include "cli/live_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "cli/event_line.h"

namespace clamproof {
namespace {

/// Whole seconds: the table is not drawn often enough for more.
std::string age(double since, double now) {
    return fmt::format("{:.0f} s", std::max(0.0, now - since));
}

std::string build_step(const Event& event) {
    std::string text = "building: " + one_line(event.step);
    if (event.fraction) text += fmt::format(", {:.0f} %", *event.fraction * 100);
    return text;
}

}  // namespace

void LiveTable::apply(const Event& event, double now) {
    begun_ = true;
    estimate_.apply(event, now);
    switch (event.kind) {
        case EventKind::BuildStep:
            running(event, now - event.seconds).doing = build_step(event);
            break;
        case EventKind::CellStarted:
            // A worker that takes a built image makes steps of its own and tells no end of them.
            remove_build(event.image);
            running(event, now);
            break;
        case EventKind::ArmStarted:
            arm(running(event, now), event, now);
            break;
        case EventKind::StepStarted: {
            RunningArm& running_arm = arm(running(event, now), event, now);
            running_arm.doing = one_line(event.step);
            running_arm.since = now;
            break;
        }
        case EventKind::ArmEnded:
            std::erase_if(running(event, now).arms,
                          [&](const RunningArm& one) { return one.name == event.arm; });
            break;
        case EventKind::CellEnded:
            remove(event);
            if (!event.cell) break;
            counts_.add(*event.cell);
            if (event.cell->outcome == Outcome::Skipped) break;
            finished_.push_back(event_line(event, colour_));
            break;
        case EventKind::BuildEnded:
        case EventKind::NotInstallable:
            remove(event);
            [[fallthrough]];
        case EventKind::Message:
            finished_.push_back(event_line(event, colour_));
            break;
    }
}

std::vector<std::string> LiveTable::take_finished() {
    return std::exchange(finished_, {});
}

LiveTable::Running& LiveTable::running(const Event& event, double now) {
    for (Running& one : running_) {
        if (one.image == event.image && one.case_id == event.case_id && one.variant == event.variant)
            return one;
    }
    running_.push_back({.image = event.image,
                        .case_id = event.case_id,
                        .variant = event.variant,
                        .doing = "",
                        .since = now,
                        .arms = {}});
    return running_.back();
}

void LiveTable::remove(const Event& event) {
    std::erase_if(running_, [&](const Running& one) {
        return one.image == event.image && one.case_id == event.case_id && one.variant == event.variant;
    });
}

void LiveTable::remove_build(const std::string& image) {
    std::erase_if(running_, [&](const Running& one) { return one.image == image && one.case_id.empty(); });
}

LiveTable::RunningArm& LiveTable::arm(Running& running, const Event& event, double now) {
    for (RunningArm& one : running.arms) {
        if (one.name == event.arm) return one;
    }
    running.arms.push_back({.name = event.arm, .doing = "", .since = now});
    return running.arms.back();
}

std::vector<std::vector<std::string>> LiveTable::cells_of(const Running& running, double now) {
    const std::string image = one_line(running.image);
    const std::string case_id = one_line(running.case_id);
    const std::string variant = one_line(variant_name(running.variant));
    if (running.arms.empty()) return {{age(running.since, now), image, case_id, variant, "", running.doing}};
    std::vector<std::vector<std::string>> lines;
    for (const RunningArm& one : running.arms) {
        lines.push_back({age(one.since, now), image, case_id, variant, one_line(one.name), one.doing});
    }
    return lines;
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
    std::vector<std::vector<std::string>> table;
    for (const Running& one : running_) {
        for (auto& cells : cells_of(one, now)) table.push_back(std::move(cells));
    }
    // The age comes first: the end of a line is what a narrow terminal loses. The last column needs no width.
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

}  // namespace clamproof
