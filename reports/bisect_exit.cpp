#include "reports/bisect_exit.h"

#include <algorithm>

namespace clamproof {
namespace {

// A known problem is nobody's news; runs of a cell that are on different sides tell nothing.
Side side_of(const CellResult& cell, const Ends& ends) {
    if (!ends.named() && cell.outcome == Outcome::Known) return Side::Good;
    const Side side = side_of(cell.verdict, ends, cell.expected);
    const bool agreed = std::all_of(cell.reruns.begin(), cell.reruns.end(), [&](const CellResult& run) {
        const Side other = side_of(run.verdict, ends, cell.expected);
        return other == side || other == Side::Unknown;
    });
    return agreed ? side : Side::Unknown;
}

}  // namespace

int bisect_exit(const RunResults& run, const Ends& ends) {
    if (run.interrupted) return 130;
    constexpr int cannot_tell = 125;
    bool any = false;
    bool unknown = false;
    for (const CellResult& cell : run.results) {
        if (cell.verdict == Verdict::Skipped) continue;
        any = true;
        const Side side = side_of(cell, ends);
        if (side == Side::Bad) return 1;
        unknown = unknown || side == Side::Unknown;
    }
    return any && !unknown ? 0 : cannot_tell;
}

}  // namespace clamproof
