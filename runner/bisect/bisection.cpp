#include "bisect/bisection.h"

#include <algorithm>
#include <map>
#include <utility>

#include "support/clock.h"

namespace clamproof {
namespace {

Answer answer_of(const BisectRun& run) {
    if (run.side == Side::Good) return Answer::Good;
    if (run.side == Side::Bad) return Answer::Bad;
    const Verdict verdict = run.cell.verdict;
    const bool for_good =
        verdict == Verdict::NotInstallable || verdict == Verdict::NotTriggered || verdict == Verdict::Skipped;
    return for_good ? Answer::Undecidable : Answer::Unclear;
}

class BisectStrategy : public Strategy {
  public:
    using OnRun = std::function<void(const BisectRun&, std::size_t)>;

    BisectStrategy(std::size_t candidates, const Ends& ends, double confidence, Bench& bench,
                   const OnRun& on_run)
        : ends_(ends), bench_(bench), on_run_(on_run), search_(candidates, confidence) {
        for (std::size_t candidate = 0; candidate < candidates; ++candidate)
            for (const auto& cell : bench_.known(candidate))
                take({.candidate = candidate, .cell = cell, .cached = true});
    }

    // Those that run when it is found are worth waiting for: what they say is known from then on.
    std::vector<Assignment> next(const std::vector<std::size_t>& idle) override {
        if (!running_.empty() && !overdue()) return {};
        since_asked_ = Stopwatch();
        std::vector<Assignment> now;
        while (now.empty() && !search_.result()) {
            const auto candidates = search_.next(idle.size());
            if (candidates.empty()) break;
            for (const std::size_t candidate : candidates) begin(candidate, idle, now);
        }
        return now;
    }

    void on_event(JobId, const Event&) override {}

    void on_result(JobId id, JobResult result) override {
        auto ended = std::get<CellEnded>(std::move(result));
        BisectRun run{.candidate = running_.at(id),
                      .cell = std::move(ended.cell),
                      .inspected = std::move(ended.inspected)};
        running_.erase(id);
        run_seconds_ += run.cell.seconds;
        ++timed_runs_;
        bench_.keep(run.candidate, run.cell);
        take(std::move(run));
    }

    Bisection finish(bool interrupted) {
        bisection_.interrupted = interrupted;
        bisection_.runs_until_found = search_.runs_until_found();
        bisection_.left_out = {search_.left_out().begin(), search_.left_out().end()};
        if (const auto result = search_.result()) bisection_.result = *result;
        return std::move(bisection_);
    }

  private:
    void begin(std::size_t candidate, const std::vector<std::size_t>& idle, std::vector<Assignment>& now) {
        auto begun = bench_.begin(candidate, wants_inspection(candidate));
        if (auto* cell = std::get_if<CellResult>(&begun)) {
            take({.candidate = candidate, .cell = std::move(*cell)});
            return;
        }
        const JobId id{++jobs_};
        running_.emplace(id, candidate);
        now.push_back({.worker = idle[now.size()], .id = id, .job = std::get<Job>(std::move(begun))});
    }

    // How the neighbours differ is told in the end. To see it in a run takes a second; to see it later, a
    // start and an installation more.
    bool wants_inspection(std::size_t candidate) const {
        return search_.is_neighbour(candidate) &&
               std::none_of(bisection_.runs.begin(), bisection_.runs.end(), [&](const BisectRun& run) {
                   return run.candidate == candidate && run.inspected;
               });
    }

    // What is asked when all answers are there is worth more than what is guessed before. They come at about
    // the same time; a worker is not kept waiting for one that takes half as long again.
    bool overdue() const {
        return timed_runs_ > 0 && since_asked_.seconds() > 1.5 * run_seconds_ / timed_runs_;
    }

    void take(BisectRun run) {
        run.side = side_of(run.cell.verdict, ends_, run.cell.expected);
        search_.record(run.candidate, answer_of(run));
        bisection_.runs.push_back(std::move(run));
        on_run_(bisection_.runs.back(), search_.left());
    }

    const Ends& ends_;
    Bench& bench_;
    const OnRun& on_run_;
    Search search_;
    Bisection bisection_;
    std::map<JobId, std::size_t> running_;  // candidates
    std::uint64_t jobs_ = 0;
    Stopwatch since_asked_;
    double run_seconds_ = 0;
    int timed_runs_ = 0;
};

}  // namespace

Bisection bisect(std::size_t candidates, const Ends& ends, double confidence, Dispatcher& dispatcher,
                 Bench& bench, const std::function<void(const BisectRun& run, std::size_t left)>& on_run) {
    BisectStrategy strategy(candidates, ends, confidence, bench, on_run);
    return strategy.finish(dispatcher.run(strategy) == Dispatcher::End::Interrupted);
}

}  // namespace clamproof
