#include <gtest/gtest.h>

#include "results/judge.h"

namespace clamproof {
namespace {

CellResult run_of(Verdict verdict) {
    CellResult result;
    result.verdict = verdict;
    result.expected = Verdict::Fixed;
    result.outcome = verdict == Verdict::Fixed        ? Outcome::Pass
                     : verdict == Verdict::InfraError ? Outcome::Infra
                                                      : Outcome::Mismatch;
    result.seconds = 2;
    return result;
}

CellResult believed(const std::vector<Verdict>& verdicts, int repeat = 1) {
    std::size_t runs = 0;
    const CellResult result = run_until_believed(
        [&](int number) {
            EXPECT_EQ(static_cast<std::size_t>(number), runs + 1);
            return run_of(verdicts.at(runs++));
        },
        repeat);
    EXPECT_EQ(runs, verdicts.size());
    EXPECT_EQ(result.reruns.size() + 1, verdicts.size());
    return result;
}

TEST(RunUntilBelieved, WhatIsExpectedIsRunOnce) {
    EXPECT_EQ(believed({Verdict::Fixed}).outcome, Outcome::Pass);
}

TEST(RunUntilBelieved, AMismatchTwiceIsOne) {
    const CellResult result = believed({Verdict::FixFailed, Verdict::FixFailed});
    EXPECT_EQ(result.outcome, Outcome::Mismatch);
    EXPECT_EQ(result.seconds, 4);
}

TEST(RunUntilBelieved, RunsThatDisagreeAreFlakyWithBothTheirEvidence) {
    const CellResult result = believed({Verdict::FixFailed, Verdict::Fixed});
    EXPECT_EQ(result.outcome, Outcome::Flaky);
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_EQ(result.reruns[0].verdict, Verdict::Fixed);
    EXPECT_EQ(believed({Verdict::FixFailed, Verdict::SelfHealed}).outcome, Outcome::Flaky);
}

TEST(RunUntilBelieved, TheHarnessIsGivenASecondTry) {
    const CellResult result = believed({Verdict::InfraError, Verdict::Fixed});
    EXPECT_EQ(result.outcome, Outcome::Pass);
    EXPECT_EQ(result.verdict, Verdict::Fixed);
    EXPECT_EQ(result.reruns[0].verdict, Verdict::InfraError);
    EXPECT_EQ(believed({Verdict::InfraError, Verdict::InfraError}).outcome, Outcome::Infra);
}

TEST(RunUntilBelieved, AMismatchThatNobodyCouldConfirmStands) {
    EXPECT_EQ(believed({Verdict::FixFailed, Verdict::InfraError}).outcome, Outcome::Mismatch);
    EXPECT_EQ(believed({Verdict::InfraError, Verdict::FixFailed}).outcome, Outcome::Mismatch);
}

TEST(RunUntilBelieved, WhoAsksAgainByHimselfIsSparedTheHarnessTroubleAlone) {
    EXPECT_EQ(believed({Verdict::FixFailed}, 0).outcome, Outcome::Mismatch);
    EXPECT_EQ(believed({Verdict::InfraError, Verdict::FixFailed}, 0).verdict, Verdict::FixFailed);
}

TEST(RunUntilBelieved, EveryRunThatWasAskedForCounts) {
    EXPECT_EQ(believed({Verdict::Fixed, Verdict::Fixed, Verdict::Fixed}, 3).outcome, Outcome::Pass);
    const CellResult flaky = believed({Verdict::Fixed, Verdict::Fixed, Verdict::SelfHealed}, 3);
    EXPECT_EQ(flaky.outcome, Outcome::Flaky);
    EXPECT_EQ(flaky.verdict, Verdict::SelfHealed);
    EXPECT_EQ(believed({Verdict::Fixed, Verdict::InfraError}, 2).outcome, Outcome::Pass);
}

}  // namespace
}  // namespace clamproof
