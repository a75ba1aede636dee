/// Puts the reports of a run into its out folder.
#pragma once

#include <optional>
#include <string>

#include "results/results.h"

namespace clamproof {

/// Writes OUT/results.json, junit.xml, summary.md, report.html, durations.json and
/// logs/IMAGE/CASE/VARIANT/ARM.log, each in one go, and makes the folders they need. Logs that an earlier run
/// left of the same cells are removed; nothing else is.
/// @param former an earlier run that report.html compares verdicts with
/// @throws InfraError where a file cannot be written: which, why and what to do.
void write_reports(const RunResults& run, const std::string& out,
                   const std::optional<RunResults>& former = std::nullopt);

}  // namespace clamproof
