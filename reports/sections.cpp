#include "reports/sections.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

bool is_of(const Scan& scan, Misses which) {
    return scan.silent_miss() && scan.alarming() == (which == Misses::Alarming);
}

std::size_t times(const CellResult& cell, Misses which) {
    const int alarming = cell.alarming_misses();
    return static_cast<std::size_t>(which == Misses::Alarming ? alarming : cell.silent_misses() - alarming);
}

// A miss after the undo is not the fix's.
std::string place_of(const Arm& arm, const Scan& scan) {
    const std::string name = arm.id.is_fix() ? "fix " + arm.id.fix_id() : arm.id.text();
    const std::string words = scan.fault == Fault::Absent  ? "before anything was broken"
                              : scan.fault == Fault::Fixed ? fmt::format("with {} in place", name)
                                                           : name;
    return scan.step.empty() ? words : fmt::format("{} ({})", words, scan.step);
}

}  // namespace

Section section_of(const CellResult& cell) {
    switch (cell.outcome) {
        case Outcome::Skipped:
            return Section::Skipped;
        case Outcome::Mismatch:
        case Outcome::Flaky:
        case Outcome::Infra:
            return Section::Differs;
        case Outcome::Pass:
        case Outcome::Known:
            break;
    }
    return cell.silent_misses() > 0 ? Section::SilentMiss : Section::Rest;
}

std::vector<std::size_t> reading_order(const std::vector<CellResult>& cells) {
    struct Entry {
        std::size_t at;
        Section section;
        bool explained;
    };
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (const Section section = section_of(cells[i]); section != Section::Skipped)
            entries.push_back(
                {i, section, section != Section::SilentMiss || cells[i].alarming_misses() == 0});
    std::stable_sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
        const CellResult &one = cells[a.at], &other = cells[b.at];
        return std::tie(a.section, a.explained, one.case_id, one.image, one.variant) <
               std::tie(b.section, b.explained, other.case_id, other.image, other.variant);
    });
    std::vector<std::size_t> order;
    for (const Entry& entry : entries) order.push_back(entry.at);
    return order;
}

std::string SkippedCells::text() const {
    return fmt::format("{} of {}: {}", counted(cells, "cell"),
                       one_line(fmt::format("{}", fmt::join(images, ", "))),
                       reason.empty() ? "no reason was recorded" : one_line(reason));
}

std::vector<SkippedCells> skipped_by_reason(const std::vector<CellResult>& cells) {
    std::map<std::string, SkippedCells> by_reason;
    for (const CellResult& cell : cells) {
        if (cell.outcome != Outcome::Skipped) continue;
        SkippedCells& alike = by_reason[cell.because];
        alike.reason = cell.because;
        ++alike.cells;
        add_once(alike.images, cell.image);
    }
    std::vector<SkippedCells> skipped;
    for (auto& [reason, alike] : by_reason) skipped.push_back(std::move(alike));
    std::stable_sort(skipped.begin(), skipped.end(),
                     [](const SkippedCells& a, const SkippedCells& b) { return a.cells > b.cells; });
    return skipped;
}

std::string headline(const std::vector<CellResult>& cells, Misses which) {
    std::size_t all = 0, in_cells = 0;
    for (const CellResult& cell : cells) {
        const std::size_t here = times(cell, which);
        all += here;
        in_cells += here > 0 ? 1 : 0;
    }
    if (all == 0) return "";
    const std::string count = fmt::format("{} in {}", counted(all, "time"), counted(in_cells, "cell"));
    if (which == Misses::Explained)
        return fmt::format(
            "Silent misses that belong to the failure, no fix being in place: infected files were reported "
            "clean, {}",
            count);
    return fmt::format(
        "SILENT MISS that the failure does not explain: infected files were reported clean while a fix "
        "was in place or before anything was broken, {}",
        count);
}

std::string misses_in_short(const CellResult& cell, Misses which) {
    std::vector<std::string> methods, places;
    for (const Arm& arm : cell.arms) {
        for (const Scan& scan : arm.scans) {
            if (!is_of(scan, which)) continue;
            add_once(methods, scan.method);
            add_once(places, place_of(arm, scan));
        }
    }
    if (methods.empty()) return "";
    return one_line(fmt::format("by {}; {}", fmt::join(methods, ", "), fmt::join(places, ", ")));
}

std::vector<std::string> silent_misses(const CellResult& cell, std::size_t limit) {
    std::vector<std::string> lines;
    const auto all = static_cast<std::size_t>(cell.silent_misses());
    for (const Arm& arm : cell.arms) {
        for (const Scan& scan : arm.scans) {
            if (!scan.silent_miss()) continue;
            if (lines.size() == limit) {
                lines.push_back(fmt::format("and {} more", all - limit));
                return lines;
            }
            lines.push_back(fmt::format("{}: {} by {}", place_of(arm, scan), scan.file, scan.method));
        }
    }
    return lines;
}

}  // namespace clamproof
