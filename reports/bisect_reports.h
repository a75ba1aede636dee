/// The reports of a bisection, for a terminal, for a page that a person reads, and in its out folder.
#pragma once

#include <string>
#include <vector>

#include "bisect/bisection.h"
#include "jobs/settings.h"
#include "results/bisect_results.h"

namespace clamproof {

/// Why candidates between last good and first bad could not be decided, a line each.
std::vector<std::string> undecided(const BisectReport& report);

/// For a terminal: conclusion, both neighbours, what differs, effort. Ends with a line end.
std::string bisect_summary(const BisectReport& report);

/// The conclusion, both neighbours arm by arm side by side, what differs between them, and every run. Nothing
/// a guest or a package says is taken for Markdown or HTML.
std::string markdown(const BisectReport& report);

/// Writes OUT/bisect.json and bisect.md, and where the change was found the ordinary reports of the
/// candidates beside it into OUT/last-good/ and OUT/first-bad/. @throws InfraError.
void write_bisect(const BisectReport& report, const BisectPlan& plan, const Settings& settings);

}  // namespace clamproof
