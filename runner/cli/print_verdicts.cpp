#include "cli/print_verdicts.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/progress.h"
#include "cli/workflow_commands.h"
#include "reports/reports.h"
#include "support/files.h"

namespace clamproof {

void print_verdicts(const Settings& settings, const RunResults& run, const std::string& out) {
    if (settings.command_token)
        fmt::print(stderr, "{}", let_through(annotations(run), *settings.command_token));
    fmt::print("{}",
               verdict_table(run, {.colour = colour_for(stdout), .out = out, .from = fs::current_path()}));
    std::fflush(stdout);
}

}  // namespace clamproof
