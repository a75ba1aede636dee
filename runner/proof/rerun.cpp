#include "proof/rerun.h"

#include <algorithm>
#include <vector>

namespace clamproof {
namespace {

bool tells(const CellResult& run) {
    return run.outcome != Outcome::Infra;
}

bool as_expected(const CellResult& run) {
    return run.outcome == Outcome::Pass || run.outcome == Outcome::Skipped;
}

// The one to look at: a verdict that was not expected before one that was, and that before the harness's
// trouble.
std::size_t gravest(const std::vector<CellResult>& runs) {
    const auto first = [&](const auto& wanted) {
        return static_cast<std::size_t>(std::find_if(runs.begin(), runs.end(), wanted) - runs.begin());
    };
    const std::size_t mismatch = first([](const CellResult& run) { return tells(run) && !as_expected(run); });
    if (mismatch < runs.size()) return mismatch;
    const std::size_t told = first(tells);
    return told < runs.size() ? told : 0;
}

}  // namespace

CellResult run_until_believed(const std::function<CellResult(int run)>& run, int repeat) {
    std::vector<CellResult> runs;
    for (int number = 1; number <= std::max(repeat, 1); ++number) runs.push_back(run(number));
    const CellResult& first = runs.front();
    if (repeat == 0 ? !tells(first) : repeat == 1 && !as_expected(first)) runs.push_back(run(2));

    const std::size_t chosen = gravest(runs);
    CellResult result = std::move(runs[chosen]);
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(chosen));
    const bool disagree = std::any_of(runs.begin(), runs.end(), [&](const CellResult& other) {
        return tells(other) && other.verdict != result.verdict;
    });
    if (tells(result) && disagree) result.outcome = Outcome::Flaky;
    for (const CellResult& other : runs) result.seconds += other.seconds;
    result.reruns = std::move(runs);
    return result;
}

}  // namespace clamproof
