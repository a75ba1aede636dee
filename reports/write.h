/// Puts the reports of a run into its out folder.
#pragma once

#include <string>

#include "engine/results.h"

namespace clamproof {

/// Writes OUT/results.json, OUT/junit.xml and OUT/logs/IMAGE/CASE/VARIANT/ARM.log, each in one go, and makes
/// the folders they need. Logs that an earlier run left of the same cells are removed; nothing else is.
/// @throws InfraError where a file cannot be written: which, why and what to do.
void write_reports(const RunResults& run, const std::string& out);

}  // namespace clamproof
