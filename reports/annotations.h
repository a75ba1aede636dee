/// What is not as expected, as GitHub Actions shows it beside the lines of a file.
#pragma once

#include <string>

#include "results/results.h"

namespace clamproof {

/// One workflow command a cell: `::error file=…,line=…,title=…::…` at the line where the case says what it
/// expects (GitHub's "Workflow commands for GitHub Actions"); nothing a guest prints becomes a command.
/// Empty where all is as expected.
std::string annotations(const RunResults& run);

}  // namespace clamproof
