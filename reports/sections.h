/// What a report shows together, and in which order: what is not as expected, silent misses, the rest.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "results/results.h"

namespace clamproof {

/// Where a cell is shown, in the order of reading.
enum class Section { Differs, SilentMiss, Rest, Skipped };
Section section_of(const CellResult& cell);

/// The places of all cells but the skipped ones, by section, case, image and variant. Within the section of
/// silent misses those that the failure does not explain come first.
std::vector<std::size_t> reading_order(const std::vector<CellResult>& cells);

/// Cells that were skipped for one reason.
struct SkippedCells {
    std::string reason;
    std::size_t cells = 0;
    std::vector<std::string> images;  ///< in the order of the results

    /// "2 cells of debian-12-apparmor: needs lsm selinux, …", harmless to a terminal.
    std::string text() const;
};

/// By reason, that of most cells first.
std::vector<SkippedCells> skipped_by_reason(const std::vector<CellResult>& cells);

/// Which silent misses: those that the failure explains, because no fix was in place, or the others.
enum class Misses { Explained, Alarming };

/// What stands over them: how many in how many cells, and what it means. Empty where there are none.
std::string headline(const std::vector<CellResult>& cells, Misses which);

/// How and in which steps a cell missed: "by path; failing (probe), control (probe)". Empty where it did not.
std::string misses_in_short(const CellResult& cell, Misses which);

/// Each silent miss: "with fix ID in place (probe after reboot): /tmp/eicar by stream"; at most `limit`, then
/// how many more.
std::vector<std::string> silent_misses(const CellResult& cell, std::size_t limit);

}  // namespace clamproof
