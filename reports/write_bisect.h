/// Puts the reports of a bisection into its out folder.
#pragma once

#include "bisect/plan.h"
#include "bisect/report.h"
#include "jobs/settings.h"

namespace clamproof {

/// Writes OUT/bisect.json and bisect.md, and where the change was found the ordinary reports of the
/// candidates beside it into OUT/last-good/ and OUT/first-bad/. @throws InfraError.
void write_bisect(const BisectReport& report, const BisectPlan& plan, const Settings& settings);

}  // namespace clamproof
