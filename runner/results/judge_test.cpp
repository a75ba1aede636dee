#include "results/judge.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(SideOf, WithoutEndsWhatIsExpectedIsGood) {
    EXPECT_EQ(side_of(Verdict::Immune, {}, Verdict::Immune), Side::Good);
    EXPECT_EQ(side_of(Verdict::Fixed, {}, Verdict::Immune), Side::Bad);
    EXPECT_EQ(side_of(Verdict::Fixed, {}, std::nullopt), Side::Bad);
}

TEST(SideOf, OfOneEndTheOtherIsEverythingElse) {
    const Ends good{.good = Verdict::Immune, .bad = {}};
    EXPECT_EQ(side_of(Verdict::Immune, good, {}), Side::Good);
    EXPECT_EQ(side_of(Verdict::FixFailed, good, {}), Side::Bad);
    const Ends bad{.good = {}, .bad = Verdict::FixFailed};
    EXPECT_EQ(side_of(Verdict::Fixed, bad, {}), Side::Good);
}

TEST(SideOf, OfTwoEndsAThirdVerdictIsNeither) {
    const Ends ends{.good = Verdict::Immune, .bad = Verdict::Fixed};
    EXPECT_EQ(side_of(Verdict::FixFailed, ends, {}), Side::Unknown);
}

TEST(SideOf, WhatSaysNothingAboutClamdIsOnNeitherSide) {
    for (const Verdict verdict :
         {Verdict::InfraError, Verdict::NotInstallable, Verdict::NotTriggered, Verdict::Skipped})
        EXPECT_EQ(side_of(verdict, {}, verdict), Side::Unknown);
}

TEST(SideOf, TheReproducedIsWhereAllThatItMayBecomeIs) {
    EXPECT_EQ(side_of(Verdict::Reproduced, {.good = Verdict::Immune, .bad = {}}, {}), Side::Bad);
    EXPECT_EQ(side_of(Verdict::Reproduced, {.good = Verdict::Immune, .bad = Verdict::Fixed}, {}), Side::Bad);
    EXPECT_EQ(side_of(Verdict::Reproduced, {.good = Verdict::Fixed, .bad = Verdict::FixFailed}, {}),
              Side::Unknown);
    EXPECT_EQ(side_of(Verdict::Reproduced, {}, Verdict::Immune), Side::Bad);
    EXPECT_EQ(side_of(Verdict::Reproduced, {}, Verdict::Fixed), Side::Unknown);
}

}  // namespace
}  // namespace clamproof
