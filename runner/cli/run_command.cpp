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
#include "image/built_image.h"
#include "jobs/pool.h"
#include "reports/log_files.h"
#include "reports/reports.h"
#include "reports/summary.h"
#include "results/exit_code.h"
#include "results/journal.h"
#include "results/results_json.h"
#include "run/durations.h"
#include "run/run.h"
#include "support/clock.h"
#include "support/text.h"

namespace clamproof {
namespace {

// None where a cell never ran: its time would be a guess.
Estimate estimate_of(const std::vector<CellId>& cells, const Durations& durations, int workers) {
    std::map<CellId, double> seconds;
    for (const auto& cell : cells) {
        const auto known = durations.known(cell);
        if (!known) return Estimate();
        seconds[cell] = *known;
    }
    return Estimate(std::move(seconds), workers);
}

std::string no_journal(const Journal& journal) {
    return fmt::format("the run goes on without a journal, and cannot be continued if it is cut off: {}",
                       journal.trouble());
}

bool is_in(const std::vector<CellResult>& cells, const CellResult& cell) {
    return std::any_of(cells.begin(), cells.end(),
                       [&](const CellResult& other) { return other.id() == cell.id(); });
}

// Workers are processes of their own, so progress may draw from a thread here.
RunResults run_with_progress(const Plan& plan, const Settings& settings, const RunOptions& options,
                             Journal& journal) {
    std::string why;
    const int workers = worker_count(settings, options.jobs, load_of(plan.images), why);
    const std::vector<CellId> cells = all_cells(plan);
    Durations durations;
    const auto progress = make_progress({.out = options.json_events ? stdout : stderr,
                                         .style = options.json_events ? ProgressStyle::Events
                                                  : options.quiet     ? ProgressStyle::Quiet
                                                                      : ProgressStyle::Auto,
                                         .cells = cells.size(),
                                         .estimate = estimate_of(cells, durations, workers)});
    for (const auto& words : reap_dead_runs()) tell(*progress, words);
    if (!journal.trouble().empty()) tell(*progress, no_journal(journal));
    tell(*progress, fmt::format("{}, {}, {} side by side ({})", counted(plan.images.size(), "image"),
                                counted(cells.size(), "cell"),
                                counted(static_cast<std::size_t>(workers), "guest"), why));
    RunResults run;
    run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    run.host.accelerator = "none";
    const Stopwatch watch;
    WorkerPool pool(worker_argv(settings), workers);
    Dispatcher dispatcher(pool, dispatch_hooks(interrupted, called_of(settings)));
    const auto on_event = [&](const Event& event) {
        progress->on(event);
        const auto* ended = std::get_if<CellEnded>(&event);
        if (!ended || is_in(plan.done, ended->cell)) return;
        const bool was_well = journal.trouble().empty();
        journal.append(ended->cell);
        if (was_well && !journal.trouble().empty()) tell(*progress, no_journal(journal));
    };
    run_plan(plan, dispatcher, run_hooks(settings, on_event), durations, run);
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
        print_verdicts(settings, run, options.resume.empty() ? given.out.string() : options.resume,
                       options.table ? Table::Whole : Table::Summary);
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
        const auto built = find_built(image, store, say);
        fmt::print("{}: {}{}\n", image.name, image.title,
                   !built ? " (not built: what would be skipped is not known yet)"
                   : built->facts.empty()
                       ? " (not asked yet what cases want to know: what would be skipped is not known yet)"
                       : "");
        for (const auto& cell : cells_of(plan, image.name)) {
            const Case& subject = plan.case_of(cell);
            const std::string name = fmt::format("{} {}", cell.case_id, variant_name(cell.variant));
            if (!built || built->facts.empty()) {
                fmt::print("    {}\n", name);
                continue;
            }
            if (const auto why = why_skipped(subject, built->facts, cell.variant)) {
                fmt::print("    {:<50} skipped: {}\n", name, *why);
                continue;
            }
            const Expectation* expectation = expected(subject, built->facts, cell.variant);
            fmt::print("    {:<50} expected: {}\n", name,
                       expectation ? to_string(expectation->verdict) : "nothing, so it cannot pass");
        }
    }
    return Exit::AsExpected;
}

}  // namespace clamproof
