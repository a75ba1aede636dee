/// A verdict held against what is expected of it.
#pragma once

#include <optional>
#include <set>

#include "casefile/case.h"
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

/// What a failure that was reproduced as documented may still come out as.
inline const std::set<Verdict> verdicts_of_the_reproduced = {Verdict::Fixed, Verdict::FixFailed,
                                                             Verdict::SelfHealed, Verdict::DifferentFailure};

}  // namespace clamproof
