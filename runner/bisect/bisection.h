/// A series of candidates searched by runs of a case.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bisect/search.h"
#include "proof/judge.h"
#include "results/results.h"

namespace clamproof {

/// One run of one candidate, as far as it took to tell whether it is good or bad.
struct BisectRun {
    std::size_t candidate = 0;
    CellResult cell;
    bool cached = false;  ///< of an earlier bisection
    std::string look{};   ///< what is to be seen of it in a guest, where that was asked for
    Side side = Side::Unknown;
};

/// What is asked of a candidate.
struct Question {
    std::size_t candidate = 0;
    bool look = false;  ///< not only for its side, but for what is to be seen of it
};

/// What runs candidates for a bisection.
struct BisectHooks {
    /// What is known of a candidate without running it.
    std::function<std::vector<CellResult>(std::size_t candidate)> known;
    /// Begins a run on an idle worker.
    std::function<void(const Question& question)> start;
    /// Waits a moment. @returns the runs that came to an end, with `candidate`, `cell` and `look`.
    std::function<std::vector<BisectRun>()> wait;
    std::function<bool()> interrupted;
    /// A run has been taken into account. @param left how many candidates it may be
    std::function<void(const BisectRun& run, std::size_t left)> on_run;
};

struct Bisection {
    bool interrupted = false;
    SearchResult result;
    std::vector<BisectRun> runs;  ///< in the order in which they ended
    std::size_t runs_until_found = 0;
    std::vector<std::size_t> left_out;  ///< could not be decided

    /// The last run of a candidate that told its side, else its last run; null where there is none.
    const BisectRun* run_of(std::size_t candidate) const;
    std::size_t cached() const;
};

/// Runs candidates until the change is known.
/// @param candidates how many, from the good end to the bad one @param workers how many runs side by side
Bisection bisect(std::size_t candidates, const Ends& ends, double confidence, std::size_t workers,
                 const BisectHooks& hooks);

}  // namespace clamproof
