/// The end of a run on standard output.
#pragma once

#include <string>

#include "results/results.h"

namespace clamproof {

/// The verdict table; in a job of GitHub Actions (GITHUB_ACTIONS=true) annotations before it, so that the
/// closing line stays the last.
/// @param out the out folder, to name the logs
void print_verdicts(const RunResults& run, const std::string& out);

}  // namespace clamproof
