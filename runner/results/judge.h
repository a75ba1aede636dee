/// A verdict held against what is expected of it, what is known of it, and other runs of the same cell.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "casefile/case.h"
#include "casefile/known.h"
#include "results/results.h"

namespace clamproof {

/// The verdict held against what the case expects of a guest with these facts.
void judge(const Case& subject, const Facts& facts, CellResult& result);

/// Which verdicts are which end of a bisection. Without either, what a case expects is good and what it does
/// not is bad. Of two that are named, neither is what the other is not; of one, the other is everything else.
struct Ends {
    std::optional<Verdict> good;
    std::optional<Verdict> bad;

    bool named() const { return good || bad; }
    bool operator==(const Ends&) const = default;
};

enum class Side { Good, Bad, Unknown };

/// @param expected by the case, of this guest. What says nothing about clamd is on neither side.
/// `reproduced` is on the side of those verdicts that it may still become.
Side side_of(Verdict verdict, const Ends& ends, std::optional<Verdict> expected);

/// A cell that is not as expected and comes out as the first problem about it says is `known` up to the
/// problem's last day, and a mismatch after it. One that is as expected although a problem is about it is a
/// mismatch: the problem is cured, and its entry would hide the next one. `known` tells which it is. Any
/// other cell stays as it is.
/// @param today YYYY-MM-DD
void apply_known(const std::vector<KnownProblem>& known, const Facts& facts, const std::string& today,
                 CellResult& cell);

/// The day in UTC, YYYY-MM-DD.
std::string today();

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
