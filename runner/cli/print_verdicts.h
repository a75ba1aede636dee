/// The end of a run on the terminal.
#pragma once

#include <string>

#include "jobs/settings.h"
#include "results/results.h"

namespace clamproof {

/// The verdict table. In a job of GitHub Actions annotations, too, on standard error, where its commands are
/// stopped and started.
/// @param out the out folder, to name the logs
void print_verdicts(const Settings& settings, const RunResults& run, const std::string& out);

}  // namespace clamproof
