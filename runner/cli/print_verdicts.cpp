#include "cli/print_verdicts.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cli/progress.h"
#include "reports/annotations.h"
#include "reports/verdict_table.h"
#include "support/files.h"

namespace clamproof {

void print_verdicts(const RunResults& run, const std::string& out) {
    const char* actions = std::getenv("GITHUB_ACTIONS");
    if (actions && std::string_view(actions) == "true") fmt::print("{}", annotations(run));
    fmt::print("{}",
               verdict_table(run, {.colour = colour_for(stdout), .out = out, .from = fs::current_path()}));
    std::fflush(stdout);
}

}  // namespace clamproof
