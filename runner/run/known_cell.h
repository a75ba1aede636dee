/// What a known problem makes of a cell's outcome.
#pragma once

#include <string>
#include <vector>

#include "casefile/known.h"
#include "results/results.h"

namespace clamproof {

/// A cell that is not as expected and comes out as the first problem about it says is `known` up to the
/// problem's last day, and a mismatch after it. One that is as expected although a problem is about it is a
/// mismatch: the problem is cured, and its entry would hide the next one. `known` tells which it is. Any
/// other cell stays as it is.
/// @param today YYYY-MM-DD
void apply_known(const std::vector<KnownProblem>& known, const Facts& facts, const std::string& today,
                 CellResult& cell);

/// The day in UTC, YYYY-MM-DD.
std::string today();

}  // namespace clamproof
