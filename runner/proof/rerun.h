/// Runs a cell once more where one run is not to be believed.
#pragma once

#include <functional>

#include "results/results.h"

namespace clamproof {

/// Runs a cell as often as was asked for, and once more where a verdict is not as expected or the harness
/// failed: a claim against clamd is made where two runs from the same snapshot agree on it.
///
/// - All as expected: that is the result.
/// - A verdict that is not expected, twice: a mismatch. Beside another verdict: flaky.
/// - The harness's trouble once: whatever the run after it says. Twice: infra-error.
///
/// @param run runs the cell; its argument counts from 1
/// @param repeat how often at least, from 1; 0: who asks does so again by himself, so that only the harness's
/// trouble is run once more
/// @returns the run that has to be looked at, with the others as its `reruns`
CellResult run_until_believed(const std::function<CellResult(int run)>& run, int repeat);

}  // namespace clamproof
