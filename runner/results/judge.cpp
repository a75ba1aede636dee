#include "results/judge.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <set>

namespace clamproof {
namespace {

// What a failure that was reproduced as documented may still come out as.
const std::set<Verdict> verdicts_of_the_reproduced = {Verdict::Fixed, Verdict::FixFailed, Verdict::SelfHealed,
                                                      Verdict::DifferentFailure};

Side side_of_reproduced(const Ends& ends, std::optional<Verdict> expected) {
    Side side = Side::Unknown;
    for (const Verdict verdict : verdicts_of_the_reproduced) {
        const Side other = side_of(verdict, ends, expected);
        if (other == Side::Unknown) continue;
        if (side != Side::Unknown && side != other) return Side::Unknown;
        side = other;
    }
    return side;
}

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

void judge(const Case& subject, const Facts& facts, CellResult& result) {
    const Expectation* expectation = expected(subject, facts, result.variant);
    if (expectation) {
        result.expected = expectation->verdict;
        result.expectation = fmt::format(
            "{}:{}", std::filesystem::proximate(subject.folder / "case.json").string(), expectation->line);
        if (result.verdict == expectation->verdict && result.because.empty())
            result.because = expectation->because;
    }
    if (result.verdict == result.expected) {
        result.outcome = result.verdict == Verdict::Skipped ? Outcome::Skipped : Outcome::Pass;
    } else if (result.verdict == Verdict::InfraError) {
        result.outcome = Outcome::Infra;
    } else {
        result.outcome = result.verdict == Verdict::Skipped ? Outcome::Skipped : Outcome::Mismatch;
    }
}

Side side_of(Verdict verdict, const Ends& ends, std::optional<Verdict> expected) {
    if (verdict == Verdict::InfraError || verdict == Verdict::NotInstallable ||
        verdict == Verdict::NotTriggered || verdict == Verdict::Skipped)
        return Side::Unknown;
    if (verdict == Verdict::Reproduced) return side_of_reproduced(ends, expected);
    if (!ends.named()) return verdict == expected ? Side::Good : Side::Bad;
    if (verdict == ends.good) return Side::Good;
    if (verdict == ends.bad) return Side::Bad;
    if (ends.good && ends.bad) return Side::Unknown;
    return ends.good ? Side::Bad : Side::Good;
}

void apply_known(const std::vector<KnownProblem>& known, const Facts& facts, const std::string& today,
                 CellResult& cell) {
    const auto problem = std::find_if(known.begin(), known.end(), [&](const KnownProblem& one) {
        return one.is_about(cell.case_id, facts, cell.variant);
    });
    if (problem == known.end()) return;
    if (cell.outcome == Outcome::Pass) {
        cell.outcome = Outcome::Mismatch;
        cell.known = fmt::format("the known problem at {} is cured here: take it out, or narrow its \"when\"",
                                 problem->place);
        return;
    }
    if (cell.outcome != Outcome::Mismatch || cell.verdict != problem->verdict) return;
    // Days of this form are in the order of their letters.
    if (today > problem->expires) {
        cell.known = fmt::format("the known problem at {} has expired on {}: {} ({})", problem->place,
                                 problem->expires, problem->reason, problem->link);
        return;
    }
    cell.outcome = Outcome::Known;
    cell.known = fmt::format("known until {}: {} ({})", problem->expires, problem->reason, problem->link);
}

std::string today() {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

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
