#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "casefile/case.h"
#include "cli/commands.h"
#include "cli/database_copier.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/selection.h"
#include "guest/run_folder.h"
#include "image/built_image.h"
#include "jobs/pool.h"
#include "reports/log_files.h"
#include "reports/reports.h"
#include "reports/upgrade_reports.h"
#include "results/again.h"
#include "results/exit_code.h"
#include "results/results_json.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/files.h"
#include "support/text.h"
#include "upgrade/upgrade_run.h"

namespace clamproof {
namespace {

// What it begins with are the words that cases have.
std::string lived_in_script(const Settings& settings) {
    const fs::path script = settings.cases.find("lived-in.sh");
    if (!fs::exists(script)) return "";
    const Folders words = settings.cases.beginning_with(script.parent_path());
    return "set -eu\n" + read_file(words.find("lib.sh")) + "\n" + read_file(script);
}

UpgradeOrder order_of(const Settings& settings, const RunOptions& selection, const UpgradeOptions& options) {
    Plan plan = make_plan(settings, selection);
    return {.images = std::move(plan.images),
            .cases = std::move(plan.cases),
            .variants = std::move(plan.variants),
            .from = options.from,
            .to = options.to,
            .scope = options.packages,
            .lived_in = lived_in_script(settings),
            .inventory = read_file(settings.images.find("look.sh")),
            .called = called_of(settings)};
}

auto package_finder(const Settings& settings) {
    return [copy = database_copier(settings)](const ImageDefinition& definition, const PackageWish& wish) {
        const auto built = find_built(definition, patient_store(), say);
        if (!built) throw InfraError(definition.name + " vanished from the store");
        return PackageSource(*built, copy, {.cancelled = interrupted, .say = say}).get(wish);
    };
}

fs::path folder_of(const Settings& settings, Before state, UpgradeSide side) {
    return settings.out / to_string(state) / to_string(side);
}

// Files and folders as they are found from any folder; suites and versions as they are.
std::string package_word(const std::string& word) {
    std::error_code error;
    return shell_word(fs::exists(word, error) ? fs::absolute(word).string() : word);
}

std::string again_command(const UpgradeResults& results, const RunOptions& selection,
                          const UpgradeOptions& options, const CellResult& cell) {
    std::string words = "upgrade";
    for (const auto& word : results.from) words += " --from " + package_word(word);
    for (const auto& word : results.to) words += " --to " + package_word(word);
    for (const auto& word : options.packages) words += " --package " + shell_word(word);
    words += " --image " + shell_word(cell.image) + " --case " + shell_word(cell.case_id);
    for (const auto& word : selection.variants) words += " --variant " + shell_word(word);
    return command_of(cell.called, words);
}

// The cells of a side as a run of their own: every report there is of a run.
void write_side(const Settings& settings, const UpgradeResults& results, const UpgradeOrder& order,
                Before state, UpgradeSide side, std::vector<CellResult> cells) {
    RunResults run;
    run.started = results.started;
    run.seconds = results.seconds;
    run.interrupted = results.interrupted;
    run.host = results.host;
    for (const auto& subject : order.cases) run.cases.push_back(case_info(subject));
    for (const auto& image : results.images)
        if (image.state == state)
            run.images.push_back(
                {.name = image.name,
                 .digest = image.digest,
                 .facts = side == UpgradeSide::Before ? image.facts_before : image.facts_after});
    const std::string prefix = fmt::format("{}/{}/", to_string(state), to_string(side));
    for (auto& cell : cells)
        for (auto& arm : cell.arms)
            for (auto& file : arm.artifacts)
                if (file.starts_with(prefix)) file.erase(0, prefix.size());
    run.results = std::move(cells);
    write_reports(run, folder_of(settings, state, side));
}

void write_state(const Settings& settings, const UpgradeResults& results, const UpgradeOrder& order,
                 const RunOptions& selection, const UpgradeOptions& options, Before state) {
    std::vector<CellResult> before, after, fixes;
    for (const auto& row : results.rows) {
        if (row.state != state) continue;
        before.push_back(row.before);
        after.push_back(row.after);
        if (row.with_fixes && !row.with_fixes->arms.empty()) fixes.push_back(*row.with_fixes);
    }
    if (before.empty()) return;
    for (auto* cells : {&before, &after, &fixes})
        for (auto& cell : *cells) cell.again = again_command(results, selection, options, cell);
    write_side(settings, results, order, state, UpgradeSide::Before, std::move(before));
    write_side(settings, results, order, state, UpgradeSide::After, std::move(after));
    write_side(settings, results, order, state, UpgradeSide::Fixes, std::move(fixes));
}

void write_upgrade(const Settings& settings, const UpgradeResults& results, const UpgradeOrder& order,
                   const RunOptions& selection, const UpgradeOptions& options) {
    for (const Before state : {Before::AsShipped, Before::LivedIn})
        write_state(settings, results, order, selection, options, state);
    for (const auto& image : results.images) {
        make_folder(settings.out / to_string(image.state));
        write_file(settings.out / to_string(image.state) / fmt::format("install-{}.log", image.name),
                   image.not_installable.empty() ? image.output : image.not_installable);
    }
    write_file(settings.out / "upgrade.json", upgrade_json(results));
    write_file(settings.out / "upgrade.md", upgrade_markdown(results));
}

}  // namespace

int upgrade_command(const Settings& given, const RunOptions& selection, const UpgradeOptions& options) try {
    const Settings settings = absolute(given);
    const UpgradeOrder order = order_of(settings, selection, options);
    catch_interrupts();
    make_folder(settings.out);
    const auto progress =
        make_progress({.style = selection.quiet ? ProgressStyle::Quiet : ProgressStyle::Auto});
    for (const auto& words : reap_dead_runs()) tell(*progress, words);
    std::string why;
    const int workers = worker_count(settings, selection.jobs, load_of(order.images), why);

    UpgradeResults results;
    results.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    results.host.accelerator = "none";
    results.from = options.from;
    results.to = options.to;
    const Stopwatch watch;
    WorkerPool pool(worker_argv(settings), workers);
    Dispatcher dispatcher(pool, dispatch_hooks(interrupted, called_of(settings)));
    run_upgrade(order, dispatcher,
                {.on_event = [&](const Event& event) { progress->on(event); },
                 .find_packages = package_finder(settings),
                 .evidence_folder =
                     [&](Before state, UpgradeSide side, const CellId& cell) {
                         return (folder_of(settings, state, side) / log_folder(cell) / "evidence").string();
                     }},
                results);
    pool.finish();
    progress->finish();
    results.seconds = watch.seconds();
    write_upgrade(settings, results, order, selection, options);
    fmt::print("{}", upgrade_table(results, given.out.string(), colour_for(stdout)));
    return exit_code(results);
} catch (const InfraError&) {
    if (interrupted()) return Exit::Interrupted;
    throw;
}

}  // namespace clamproof
