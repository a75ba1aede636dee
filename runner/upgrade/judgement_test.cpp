#include "upgrade/judgement.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

Change between(Verdict before, Verdict after, const std::vector<Fate>& fixes = {}) {
    return judge_upgrade({.verdict = before}, {.verdict = after}, fixes).change;
}

TEST(Judgement, AStepDownIsARegression) {
    EXPECT_EQ(between(Verdict::Immune, Verdict::Fixed), Change::Regressed);
    EXPECT_EQ(between(Verdict::Fixed, Verdict::FixFailed), Change::Regressed);
    EXPECT_EQ(between(Verdict::Reproduced, Verdict::DifferentFailure), Change::Regressed);
    EXPECT_EQ(between(Verdict::FixFailed, Verdict::Unhealthy), Change::Regressed);
    EXPECT_EQ(between(Verdict::Immune, Verdict::NotInstallable), Change::Regressed);
}

TEST(Judgement, AStepUpIsARepair) {
    EXPECT_EQ(between(Verdict::Fixed, Verdict::Immune), Change::Repaired);
    EXPECT_EQ(between(Verdict::Reproduced, Verdict::Immune), Change::Repaired);
    EXPECT_EQ(between(Verdict::FixFailed, Verdict::Fixed), Change::Repaired);
    EXPECT_EQ(between(Verdict::Unhealthy, Verdict::DifferentFailure), Change::Repaired);
}

TEST(Judgement, ACureThatStillCuresIsUnchanged) {
    EXPECT_EQ(between(Verdict::Immune, Verdict::Immune), Change::Unchanged);
    EXPECT_EQ(between(Verdict::Reproduced, Verdict::Fixed, {Fate::Survived, Fate::NotTried}),
              Change::Unchanged);
    EXPECT_EQ(between(Verdict::FixFailed, Verdict::FixFailed, {Fate::NoCure}), Change::Unchanged);
}

TEST(Judgement, ALostFixIsARegressionWhateverTheVerdicts) {
    EXPECT_EQ(between(Verdict::Fixed, Verdict::Fixed, {Fate::Survived, Fate::Lost}), Change::Regressed);
    EXPECT_EQ(between(Verdict::Fixed, Verdict::InfraError, {Fate::Lost}), Change::Regressed);
}

TEST(Judgement, ASilentMissThatAppearsComesFirst) {
    const auto judgement = judge_upgrade({.verdict = Verdict::Fixed},
                                         {.verdict = Verdict::FixFailed, .silent_misses = 2}, {Fate::Lost});
    EXPECT_EQ(judgement.change, Change::Regressed);
    ASSERT_EQ(judgement.because.size(), 3U);
    EXPECT_EQ(judgement.because[0], "an infected file is reported clean, which none was before");
    EXPECT_EQ(judgement.because[1], "it was fixed and is fix-failed");
    EXPECT_EQ(judgement.because[2], "a fix that was applied before is lost");
    EXPECT_EQ(judge_upgrade({.verdict = Verdict::Fixed, .silent_misses = 1},
                            {.verdict = Verdict::Fixed, .silent_misses = 2}, {})
                  .change,
              Change::Unchanged);
}

TEST(Judgement, WhatSaysNothingOfClamdIsUntold) {
    EXPECT_EQ(between(Verdict::InfraError, Verdict::Fixed), Change::Inconclusive);
    EXPECT_EQ(between(Verdict::Fixed, Verdict::InfraError), Change::Inconclusive);
    EXPECT_EQ(between(Verdict::Fixed, Verdict::Skipped), Change::Inconclusive);
    EXPECT_EQ(
        judge_upgrade({.verdict = Verdict::Fixed}, {.verdict = Verdict::InfraError}, {}).because.front(),
        "it was fixed and is infra-error");
}

TEST(Judgement, TheWholeVerdictIsNeededWhereFixesFailAfterwards) {
    EXPECT_TRUE(needs_whole_verdict(Verdict::Reproduced, Verdict::FixFailed));
    EXPECT_TRUE(needs_whole_verdict(Verdict::Reproduced, Verdict::DifferentFailure));
    EXPECT_FALSE(needs_whole_verdict(Verdict::Reproduced, Verdict::Fixed));
    EXPECT_FALSE(needs_whole_verdict(Verdict::Reproduced, Verdict::Unhealthy));
    EXPECT_FALSE(needs_whole_verdict(Verdict::Immune, Verdict::FixFailed));
}

}  // namespace
}  // namespace clamproof
