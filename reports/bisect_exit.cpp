#include "reports/bisect_exit.h"

namespace clamproof {
namespace {

enum class Side { Good, Bad, Unknown };

// Of two ends that are named, neither is what the other is not; of one, the other is everything else.
Side side_of(const CellResult& cell, const BisectEnds& ends) {
    if (cell.verdict == Verdict::InfraError || cell.verdict == Verdict::NotInstallable) return Side::Unknown;
    if (!ends.good && !ends.bad) return cell.outcome == Outcome::Mismatch ? Side::Bad : Side::Good;
    if (cell.verdict == ends.good) return Side::Good;
    if (cell.verdict == ends.bad) return Side::Bad;
    if (ends.good && ends.bad) return Side::Unknown;
    return ends.good ? Side::Bad : Side::Good;
}

}  // namespace

int bisect_exit(const RunResults& run, const BisectEnds& ends) {
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
