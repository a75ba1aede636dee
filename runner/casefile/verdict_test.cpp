#include "casefile/verdict.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(Verdicts, GoToTextAndBack) {
    for (const char* text : {"fixed", "immune", "fix-failed", "self-healed", "different-failure", "unhealthy",
                             "skipped", "infra-error"}) {
        const auto verdict = verdict_from(text);
        ASSERT_TRUE(verdict) << text;
        EXPECT_EQ(to_string(*verdict), text);
    }
    EXPECT_EQ(to_string(Verdict::SelfHealed), "self-healed");
    EXPECT_EQ(verdict_from("Fixed"), std::nullopt);
    EXPECT_EQ(verdict_from(""), std::nullopt);
}

}  // namespace
}  // namespace clamproof
