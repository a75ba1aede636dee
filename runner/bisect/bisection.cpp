#include "bisect/bisection.h"

#include <algorithm>

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

class Bisector {
  public:
    Bisector(std::size_t candidates, const Ends& ends, double confidence, std::size_t workers,
             const BisectHooks& hooks)
        : ends_(ends), workers_(workers), hooks_(hooks), search_(candidates, confidence) {
        for (std::size_t candidate = 0; candidate < candidates; ++candidate)
            for (const auto& cell : hooks_.known(candidate))
                take({.candidate = candidate, .cell = cell, .cached = true});
    }

    // Those that run when it is found are worth waiting for: what they say is known from then on.
    Bisection run() {
        while (!bisection_.interrupted && (!search_.result() || running_ > 0)) {
            if (running_ == 0 || overdue()) ask();
            wait();
        }
        bisection_.runs_until_found = search_.runs_until_found();
        bisection_.left_out = {search_.left_out().begin(), search_.left_out().end()};
        if (const auto result = search_.result()) bisection_.result = *result;
        return std::move(bisection_);
    }

  private:
    void ask() {
        since_asked_ = Stopwatch();
        for (const std::size_t candidate : search_.next(workers_ - running_)) {
            ++running_;
            hooks_.start({.candidate = candidate, .look = wants_look(candidate)});
        }
    }

    // How the neighbours differ is told in the end. To see it in a run takes a second; to see it later, a
    // start and an installation more.
    bool wants_look(std::size_t candidate) const {
        return search_.is_neighbour(candidate) &&
               std::none_of(bisection_.runs.begin(), bisection_.runs.end(), [&](const BisectRun& run) {
                   return run.candidate == candidate && !run.look.empty();
               });
    }

    // What is asked when all answers are there is worth more than what is guessed before. They come at about
    // the same time; a worker is not kept waiting for one that takes half as long again.
    bool overdue() const {
        return timed_runs_ > 0 && since_asked_.seconds() > 1.5 * run_seconds_ / timed_runs_;
    }

    void wait() {
        for (auto& run : hooks_.wait()) {
            --running_;
            run_seconds_ += run.cell.seconds;
            ++timed_runs_;
            take(std::move(run));
        }
        bisection_.interrupted = hooks_.interrupted();
    }

    void take(BisectRun run) {
        run.side = side_of(run.cell.verdict, ends_, run.cell.expected);
        search_.tell(run.candidate, answer_of(run));
        bisection_.runs.push_back(std::move(run));
        hooks_.on_run(bisection_.runs.back(), search_.left());
    }

    const Ends& ends_;
    std::size_t workers_;
    const BisectHooks& hooks_;
    Search search_;
    Bisection bisection_;
    std::size_t running_ = 0;
    Stopwatch since_asked_;
    double run_seconds_ = 0;
    int timed_runs_ = 0;
};

}  // namespace

const BisectRun* Bisection::run_of(std::size_t candidate) const {
    const BisectRun* found = nullptr;
    for (const BisectRun& run : runs)
        if (run.candidate == candidate &&
            (!found || run.side != Side::Unknown || found->side == Side::Unknown))
            found = &run;
    return found;
}

std::size_t Bisection::cached() const {
    return static_cast<std::size_t>(
        std::count_if(runs.begin(), runs.end(), [](const BisectRun& run) { return run.cached; }));
}

Bisection bisect(std::size_t candidates, const Ends& ends, double confidence, std::size_t workers,
                 const BisectHooks& hooks) {
    return Bisector(candidates, ends, confidence, workers, hooks).run();
}

}  // namespace clamproof
