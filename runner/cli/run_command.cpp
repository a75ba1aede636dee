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
#include "cli/run_record.h"
#include "cli/selection.h"
#include "guest/run_folder.h"
#include "reports/bisect_exit.h"
#include "reports/log_files.h"
#include "reports/summary.h"
#include "reports/write.h"
#include "results/case_info.h"
#include "results/journal.h"
#include "run/durations.h"
#include "run/scheduler.h"
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

std::string no_journal(const Journal& journal) {
    return fmt::format("the run goes on without a journal, and cannot be continued if it is cut off: {}",
                       journal.trouble());
}

bool is_in(const std::vector<CellResult>& cells, const CellResult& cell) {
    return std::any_of(cells.begin(), cells.end(), [&](const CellResult& other) {
        return other.image == cell.image && other.case_id == cell.case_id && other.variant == cell.variant;
    });
}

// Workers are processes of their own, so progress may draw from a thread here.
RunResults run_with_progress(const Plan& plan, const Settings& settings, const RunOptions& options,
                             Journal& journal) {
    std::string why;
    const int workers = worker_count(settings, options.jobs, largest_guest(plan), why);
    const auto progress = make_progress({.out = options.json_events ? stdout : stderr,
                                         .style = options.json_events ? ProgressStyle::Events
                                                  : options.quiet     ? ProgressStyle::Quiet
                                                                      : ProgressStyle::Auto,
                                         .cells = count_cells(plan),
                                         .estimate = estimate_of(plan, workers)});
    for (const auto& words : reap_dead_runs()) tell(*progress, words);
    if (!journal.trouble().empty()) tell(*progress, no_journal(journal));
    tell(*progress, fmt::format("{}, {}, {} side by side ({})", counted(plan.images.size(), "image"),
                                counted(count_cells(plan), "cell"),
                                counted(static_cast<std::size_t>(workers), "guest"), why));
    RunResults run;
    run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    run.host.accelerator = "none";
    const Stopwatch watch;
    WorkerPool pool(worker_argv(settings), workers);
    run_plan(plan, settings, pool,
             {.on_event =
                  [&](const Event& event) {
                      progress->on(event);
                      if (!event.cell || is_in(plan.done, *event.cell)) return;
                      const bool was_well = journal.trouble().empty();
                      journal.append(*event.cell);
                      if (was_well && !journal.trouble().empty()) tell(*progress, no_journal(journal));
                  },
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

constexpr const char* journal_name = "results.ndjson";

// The run that is to be gone on with, if one is: then what it was asked for is what this one is asked for.
std::optional<JournalContent> read_earlier(Settings& settings, RunOptions& options) {
    if (options.resume.empty()) return std::nullopt;
    settings.out = fs::absolute(options.resume);
    JournalContent earlier = read_journal(settings.out / journal_name);
    restore_run(earlier.head, settings, options);
    return earlier;
}

}  // namespace

int run_command(const Settings& given, const RunOptions& asked) {
    Settings settings = absolute(given);
    RunOptions options = asked;
    const auto earlier = read_earlier(settings, options);
    Plan plan = make_plan(settings, options);
    const auto shard = shard_of(options);
    if (shard) keep_shard(plan, *shard, options.durations);
    if (earlier) {
        check_same_run(earlier->head, settings, options, plan);
        plan.done = earlier->cells;
        std::erase_if(plan.done, [](const CellResult& cell) { return cell.verdict == Verdict::InfraError; });
    }
    catch_interrupts();
    make_folder(settings.out);
    const fs::path file = settings.out / journal_name;
    Journal journal = earlier ? Journal(file, *earlier) : Journal(file, run_record(settings, options, plan));
    RunResults run = run_with_progress(plan, settings, options, journal);
    run.shard = shard;
    for (const auto& subject : plan.cases) run.cases.push_back(case_info(subject));
    // Verdicts are printed whatever becomes of the reports.
    std::string trouble;
    try {
        write_reports(run, settings.out.string());
    } catch (const InfraError& error) {
        trouble = error.what();
    }
    if (!options.json_events)
        print_verdicts(run, options.resume.empty() ? given.out.string() : options.resume);
    if (!trouble.empty()) throw InfraError(trouble);
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
                   built ? "" : " (not built: what would be skipped is not known yet)");
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
