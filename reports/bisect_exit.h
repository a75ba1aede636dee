/// How a run ends for `git bisect run` (git-bisect(1)).
#pragma once

#include "proof/judge.h"

namespace clamproof {

/// 0: every cell is good. 1: some cell is bad. 125: it cannot be told, because a cell is neither, its
/// packages do not install, the harness could not do its work, or nothing was run. 130, at which git stops:
/// interrupted.
int bisect_exit(const RunResults& run, const Ends& ends);

}  // namespace clamproof
