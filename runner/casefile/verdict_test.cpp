#include "casefile/verdict.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(Verdicts, GoToTextAndBack) {
    for (const auto& text : verdict_names({})) {
        const auto verdict = verdict_from(text);
        ASSERT_TRUE(verdict) << text;
        EXPECT_EQ(to_string(*verdict), text);
    }
    EXPECT_EQ(to_string(Verdict::SelfHealed), "self-healed");
    EXPECT_EQ(verdict_from("Fixed"), std::nullopt);
    EXPECT_EQ(verdict_from(""), std::nullopt);
}

TEST(Verdicts, ArePickedByNamingTheOthers) {
    EXPECT_EQ(verdict_names({}).size(), 11U);
    EXPECT_EQ(verdict_names({Verdict::NotTriggered, Verdict::Reproduced, Verdict::NotInstallable,
                             Verdict::Skipped, Verdict::InfraError}),
              (std::vector<std::string>{"fixed", "immune", "fix-failed", "self-healed", "different-failure",
                                        "unhealthy"}));
}

}  // namespace
}  // namespace clamproof
