#include "results/exit_code.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

CellResult cell(Verdict verdict, Outcome outcome) {
    CellResult cell;
    cell.verdict = verdict;
    cell.expected = Verdict::Fixed;
    cell.outcome = outcome;
    return cell;
}

int end_of(const std::vector<CellResult>& cells, const Ends& ends = {}) {
    RunResults run;
    run.results = cells;
    return bisect_exit(run, ends);
}

const CellResult fixed = cell(Verdict::Fixed, Outcome::Pass);
const CellResult immune = cell(Verdict::Immune, Outcome::Mismatch);
const CellResult failed = cell(Verdict::FixFailed, Outcome::Mismatch);
const CellResult lost = cell(Verdict::InfraError, Outcome::Infra);
const CellResult skipped = cell(Verdict::Skipped, Outcome::Skipped);
const CellResult refused = cell(Verdict::NotInstallable, Outcome::Mismatch);

TEST(BisectExit, what_is_expected_is_good) {
    EXPECT_EQ(end_of({fixed, skipped}), 0);
    EXPECT_EQ(end_of({fixed, immune}), 1);
}

TEST(BisectExit, what_cannot_be_told_is_never_bad) {
    EXPECT_EQ(end_of({}), 125);
    EXPECT_EQ(end_of({skipped}), 125);
    EXPECT_EQ(end_of({fixed, lost}), 125);
    EXPECT_EQ(end_of({refused}), 125);
    EXPECT_EQ(end_of({lost, immune}), 1) << "one bad cell is enough, whatever the others are";
}

TEST(BisectExit, runs_that_disagree_tell_nothing) {
    CellResult flaky = cell(Verdict::FixFailed, Outcome::Flaky);
    flaky.reruns = {fixed};
    EXPECT_EQ(end_of({flaky}), 125);
    EXPECT_EQ(end_of({flaky}, {.good = {}, .bad = Verdict::Immune}), 0) << "both are good by that question";
    flaky.reruns = {failed, lost};
    EXPECT_EQ(end_of({flaky}), 1);
}

TEST(BisectExit, verdicts_may_be_named) {
    EXPECT_EQ(end_of({immune}, {.good = Verdict::Immune, .bad = Verdict::Fixed}), 0);
    EXPECT_EQ(end_of({fixed}, {.good = Verdict::Immune, .bad = Verdict::Fixed}), 1);
    EXPECT_EQ(end_of({failed}, {.good = Verdict::Immune, .bad = Verdict::Fixed}), 125);
    EXPECT_EQ(end_of({failed}, {.good = Verdict::Immune, .bad = {}}), 1);
    EXPECT_EQ(end_of({immune}, {.good = {}, .bad = Verdict::Fixed}), 0);
}

TEST(BisectExit, git_stops_where_a_run_was_interrupted) {
    RunResults run;
    run.results = {immune};
    run.interrupted = true;
    EXPECT_EQ(bisect_exit(run, {}), 130);
}

}  // namespace
}  // namespace clamproof
