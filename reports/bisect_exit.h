/// How a run ends for `git bisect run` (git-bisect(1)).
#pragma once

#include <optional>

#include "engine/results.h"

namespace clamproof {

/// Which verdicts are which end of a bisection. Without either, what a case expects is good and what it does
/// not is bad.
struct BisectEnds {
    std::optional<Verdict> good;
    std::optional<Verdict> bad;
};

/// 0: every cell is good. 1: some cell is bad. 125: it cannot be told, because a cell is neither, its
/// packages do not install, the harness could not do its work, or nothing was run. 130, at which git stops:
/// interrupted.
int bisect_exit(const RunResults& run, const BisectEnds& ends);

}  // namespace clamproof
