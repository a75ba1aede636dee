/// The end of a run on the terminal.
#pragma once

#include <string>

#include "jobs/settings.h"
#include "results/results.h"

namespace clamproof {

/// What a terminal gets of a run of many cells; whatever is no terminal gets the whole table.
enum class Table { Summary, Whole };

/// The verdict table, or what is most important in it. In a job of GitHub Actions annotations, too, on
/// standard error, where its commands are stopped and started.
/// @param out the out folder, to name the logs
void print_verdicts(const Settings& settings, const RunResults& run, const std::string& out, Table table);

}  // namespace clamproof
