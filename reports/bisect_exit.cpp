#include "reports/bisect_exit.h"

namespace clamproof {
namespace {

// A known problem is nobody's news.
Side side_of(const CellResult& cell, const Ends& ends) {
    if (!ends.named() && cell.outcome == Outcome::Known) return Side::Good;
    return side_of(cell.verdict, ends, cell.expected);
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
