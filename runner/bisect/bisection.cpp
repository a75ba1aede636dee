#include "bisect/bisection.h"

#include <algorithm>

namespace clamproof {
namespace {

Answer answer_of(const BisectRun& run) {
    if (run.side == Side::Good) return Answer::Good;
    if (run.side == Side::Bad) return Answer::Bad;
    const Verdict verdict = run.cell.verdict;
    return verdict == Verdict::NotInstallable || verdict == Verdict::Skipped ? Answer::Undecidable
                                                                             : Answer::Unclear;
}

class Bisector {
  public:
    Bisector(std::size_t candidates, const Ends& ends, double confidence, std::size_t workers,
             const BisectHooks& hooks)
        : ends_(ends), workers_(workers), hooks_(hooks), search_(candidates, confidence) {
        for (std::size_t candidate = 0; candidate < candidates; ++candidate)
            take_known(candidate, Extent::Question);
    }

    Bisection run() {
        do {
            ask();
        } while (!bisection_.interrupted && confirm());
        bisection_.runs_until_found = search_.runs_until_found();
        bisection_.left_out = {search_.left_out().begin(), search_.left_out().end()};
        if (const auto result = search_.result()) bisection_.result = *result;
        return std::move(bisection_);
    }

  private:
    // Those that run when it is found are worth waiting for: what they say is known from then on.
    void ask() {
        while (!bisection_.interrupted && (!search_.result() || running_ > 0)) {
            for (const std::size_t candidate : search_.next(workers_ - running_))
                start(candidate, Extent::Question);
            wait();
        }
    }

    // @returns whether the neighbours of the change, run in full, made it doubtful
    bool confirm() {
        const SearchResult before = *search_.result();
        if (before.kind != SearchResult::Kind::Change) return false;
        std::vector<std::size_t> to_run;
        for (const std::size_t neighbour : {before.last_good, before.first_bad})
            if (!bisection_.last_run(neighbour, Extent::Full) && !take_known(neighbour, Extent::Full))
                to_run.push_back(neighbour);
        while (!bisection_.interrupted && (!to_run.empty() || running_ > 0)) {
            for (; !to_run.empty() && running_ < workers_; to_run.pop_back())
                start(to_run.back(), Extent::Full);
            wait();
        }
        const auto after = search_.result();
        return !after || after->last_good != before.last_good || after->first_bad != before.first_bad;
    }

    void start(std::size_t candidate, Extent extent) {
        ++running_;
        hooks_.start(candidate, extent);
    }

    void wait() {
        for (auto& run : hooks_.wait()) {
            --running_;
            take(std::move(run));
        }
        bisection_.interrupted = hooks_.interrupted();
    }

    bool take_known(std::size_t candidate, Extent extent) {
        const auto known = hooks_.known(candidate, extent);
        for (const auto& cell : known)
            take({.candidate = candidate, .extent = extent, .cell = cell, .cached = true});
        return !known.empty();
    }

    // A run in full that says nothing does not take back what was said before.
    void take(BisectRun run) {
        run.side = side_of(run.cell.verdict, ends_, run.cell.expected);
        if (run.extent == Extent::Question || run.side != Side::Unknown)
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
};

}  // namespace

const BisectRun* Bisection::last_run(std::size_t candidate, Extent extent) const {
    const auto found = std::find_if(runs.rbegin(), runs.rend(), [&](const BisectRun& run) {
        return run.candidate == candidate && run.extent == extent;
    });
    return found == runs.rend() ? nullptr : &*found;
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
