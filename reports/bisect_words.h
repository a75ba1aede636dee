/// What a bisection found, in words that the terminal and its reports share.
#pragma once

#include <string>
#include <vector>

#include "bisect/report.h"

namespace clamproof {

/// A sentence: the culprit, or between which candidates it is and why no closer. Of a bisection that was
/// interrupted, how far it came.
std::string conclusion(const BisectReport& report);

/// What runs the case on a candidate, all its arms.
std::string command_for(const BisectReport& report, std::size_t candidate);

/// Why candidates between last good and first bad could not be decided, a line each.
std::vector<std::string> undecided(const BisectReport& report);

/// "13 runs, 5 of them known from before; found after 8, the others to be sure".
std::string effort(const BisectReport& report);

/// For a terminal: conclusion, both neighbours, what differs, effort. Ends with a line end.
std::string bisect_summary(const BisectReport& report);

}  // namespace clamproof
