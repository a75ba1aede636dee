/// What a run was asked for and made of, as the first line of its journal, so that it can be gone on with.
#pragma once

#include <string>

#include "cli/commands.h"
#include "run/plan.h"

namespace clamproof {

/// One line of JSON.
std::string run_record(const Settings& settings, const RunOptions& options, const Plan& plan);

/// Takes over what the run was asked for. @throws InputError where the line is no record of a run.
void restore_run(const std::string& record, Settings& settings, RunOptions& options);

/// @throws InputError naming what has changed since, if anything has: its verdicts and those still to come
/// would not be of one thing.
void check_same_run(const std::string& record, const Settings& settings, const RunOptions& options,
                    const Plan& plan);

}  // namespace clamproof
