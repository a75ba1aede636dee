#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "cli/commands.h"
#include "cli/print_verdicts.h"
#include "cli/selection.h"
#include "reports/merge.h"
#include "reports/reports.h"
#include "reports/summary.h"
#include "results/exit_code.h"
#include "results/results_json.h"
#include "support/error.h"
#include "support/files.h"
#include "support/process.h"

namespace clamproof {
namespace {

Part read_part(const fs::path& folder) {
    const fs::path file = folder / "results.json";
    if (!fs::is_regular_file(file))
        throw InputError(
            fmt::format("{} has no results.json; give the out folder of a run", folder.string()));
    return {.name = folder.string(), .run = run_from_json(read_file(file), file.string())};
}

std::vector<std::string> declared_cells(const Plan& plan) {
    std::vector<std::string> texts;
    for (const auto& cell : all_cells(plan)) texts.push_back(cell.text());
    return texts;
}

// Results may come from anywhere: what they call their evidence is only taken from their own folder.
bool stays_within(const fs::path& file) {
    return file.is_relative() && !file.empty() &&
           std::none_of(file.begin(), file.end(), [](const fs::path& part) { return part == ".."; });
}

// Evidence that is gone is not missed: the reports stand without it.
void copy_evidence(const Part& part, const fs::path& out) {
    std::error_code ignored;
    if (fs::equivalent(part.name, out, ignored)) return;
    for (const auto& cell : part.run.results)
        for (const auto& arm : cell.arms)
            for (const fs::path file : arm.artifacts) {
                const fs::path from = fs::canonical(part.name, ignored) / file;
                // The same by its canonical name: no part of it is a link.
                if (!stays_within(file) || fs::canonical(from, ignored) != from.lexically_normal() ||
                    !fs::is_regular_file(from, ignored))
                    continue;
                fs::create_directories((out / file).parent_path(), ignored);
                fs::copy_file(from, out / file, fs::copy_options::overwrite_existing, ignored);
            }
}

}  // namespace

int report_command(const Settings& settings, const RunOptions& selection, const ReportOptions& options) {
    std::vector<Part> parts;
    for (const auto& folder : options.folders) parts.push_back(read_part(folder));
    std::optional<RunResults> former;
    if (!options.former.empty()) former = read_part(options.former).run;
    const bool whole = parts.size() == 1 && !parts[0].run.shard;
    const RunResults run =
        whole ? parts[0].run : merge(parts, declared_cells(make_plan(settings, selection)));
    write_reports(run, settings.out.string(), former);
    for (const auto& part : parts) copy_evidence(part, settings.out);
    print_verdicts(settings, run, settings.out.string(), selection.table ? Table::Whole : Table::Summary);
    return exit_code(run);
}

namespace {

bool has_desktop() {
    return std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
}

}  // namespace

int open_command(const Settings& settings) {
    const fs::path page = fs::absolute(settings.out / "report.html").lexically_normal();
    if (!fs::exists(page))
        throw InputError(fmt::format("there is no {}: no run has written its reports there", page.string()));
    const std::string browser = has_desktop() ? find_program("xdg-open") : "";
    if (browser.empty() || !run_process({.argv = {browser, page.string()}}).ok())
        fmt::print("file://{}\n", page.string());
    return Exit::AsExpected;
}

}  // namespace clamproof
