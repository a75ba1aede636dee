#include "cli/print_verdicts.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "cli/progress.h"
#include "cli/workflow_commands.h"
#include "reports/reports.h"
#include "support/files.h"

namespace clamproof {

// Whose table a terminal shows at once.
constexpr std::size_t few_cells = 12;

void print_verdicts(const Settings& settings, const RunResults& run, const std::string& out, Table table) {
    if (settings.command_token)
        fmt::print(stderr, "{}", let_through(annotations(run), *settings.command_token));
    const TableOptions options{.colour = colour_for(stdout), .out = out, .from = fs::current_path()};
    const bool whole =
        table == Table::Whole || ::isatty(STDOUT_FILENO) == 0 || run.results.size() <= few_cells;
    fmt::print("{}", whole ? verdict_table(run, options) : verdict_summary(run, options));
    std::fflush(stdout);
}

}  // namespace clamproof
