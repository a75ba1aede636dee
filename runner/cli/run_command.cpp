#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <map>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/print_verdicts.h"
#include "cli/progress.h"
#include "cli/selection.h"
#include "engine/case_info.h"
#include "engine/durations.h"
#include "engine/scheduler.h"
#include "guest/run_folder.h"
#include "image/installed.h"
#include "image/prepare.h"
#include "reports/bisect_exit.h"
#include "reports/log_files.h"
#include "reports/summary.h"
#include "reports/write.h"
#include "support/clock.h"
#include "support/text.h"

namespace clamproof {
namespace {

int largest_guest(const Plan& plan) {
    int largest = 0;
    for (const auto& image : plan.images) largest = std::max(largest, image.memory_mib);
    return largest;
}

std::size_t count_cells(const Plan& plan) {
    std::size_t cells = 0;
    for (const auto& image : plan.images) cells += cells_of(plan, image.name).size();
    return cells;
}

// None where a cell never ran: its time would be a guess.
Estimate estimate_of(const Plan& plan, int workers) {
    const Durations durations;
    std::map<std::string, double> seconds;
    for (const auto& image : plan.images)
        for (const auto& job : cells_of(plan, image.name)) {
            const auto known = durations.known(job);
            if (!known) return Estimate();
            seconds[cell_key(job.image, job.case_id, job.variant)] = *known;
        }
    return Estimate(std::move(seconds), workers);
}

// Workers are processes of their own, so progress may draw from a thread here.
RunResults run_with_progress(const Plan& plan, const Settings& settings, const RunOptions& options) {
    std::string why;
    const int workers = worker_count(settings, options.jobs, largest_guest(plan), why);
    const auto progress = make_progress({.out = options.json_events ? stdout : stderr,
                                         .style = options.json_events ? ProgressStyle::Events
                                                  : options.quiet     ? ProgressStyle::Quiet
                                                                      : ProgressStyle::Auto,
                                         .cells = count_cells(plan),
                                         .estimate = estimate_of(plan, workers)});
    for (const auto& words : reap_dead_runs()) tell(*progress, words);
    tell(*progress, fmt::format("{}, {}, {} side by side ({})", counted(plan.images.size(), "image"),
                                counted(count_cells(plan), "cell"),
                                counted(static_cast<std::size_t>(workers), "guest"), why));
    RunResults run;
    run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    run.host.accelerator = "none";
    const Stopwatch watch;
    WorkerPool pool(worker_argv(settings), workers);
    run_plan(plan, settings, pool,
             {.on_event = [&](const Event& event) { progress->on(event); },
              .interrupted = interrupted,
              .evidence_folder =
                  [&](const CellResult& cell) {
                      return (settings.out / log_folders({cell}).front() / "evidence").string();
                  }},
             run);
    pool.finish();
    progress->finish();
    run.seconds = watch.seconds();
    return run;
}

}  // namespace

int run_command(const Settings& given, const RunOptions& options) {
    const Settings settings = absolute(given);
    Plan plan = make_plan(settings, options);
    const auto shard = shard_of(options);
    if (shard) keep_shard(plan, *shard, options.durations);
    read_packages(plan.install);  // what is wrong with them is told before anything is begun
    catch_interrupts();
    make_folder(settings.out);
    RunResults run = run_with_progress(plan, settings, options);
    run.shard = shard;
    for (const auto& subject : plan.cases) run.cases.push_back(case_info(subject));
    write_reports(run, settings.out.string());
    if (!options.json_events) print_verdicts(run, given.out.string());
    if (options.bisect_exit)
        return bisect_exit(run, {.good = verdict_from(options.good), .bad = verdict_from(options.bad)});
    return exit_code(run);
}

int list_command(const Settings& settings, const RunOptions& options) {
    Plan plan = make_plan(settings, options);
    if (const auto shard = shard_of(options)) keep_shard(plan, *shard, options.durations);
    const ImageStore store;
    for (const auto& image : plan.images) {
        const auto built =
            find_built(image, store, [](const std::string& text) { fmt::print(stderr, "{}\n", text); });
        fmt::print("{}: {}{}\n", image.name, image.title,
                   built ? "" : " (not built: what it is spared is not known yet)");
        for (const auto& job : cells_of(plan, image.name)) {
            const auto& subject =
                *std::find_if(plan.cases.begin(), plan.cases.end(),
                              [&](const Case& candidate) { return candidate.id == job.case_id; });
            const std::string name = fmt::format("{} {}", job.case_id, variant_name(job.variant));
            if (!built) {
                fmt::print("    {}\n", name);
                continue;
            }
            if (const auto why = why_skipped(subject, built->facts, job.variant)) {
                fmt::print("    {:<50} skipped: {}\n", name, *why);
                continue;
            }
            const Expectation* expectation = expected(subject, built->facts, job.variant);
            fmt::print("    {:<50} expected: {}\n", name,
                       expectation ? to_string(expectation->verdict) : "nothing, so it cannot pass");
        }
    }
    return 0;
}

}  // namespace clamproof
