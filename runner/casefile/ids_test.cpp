#include "casefile/ids.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(ArmIdTest, ATextIsReadAsItIsWritten) {
    for (const auto& arm : {ArmId::healthy(), ArmId::failing(), ArmId::control(), ArmId::fix("unset:it")})
        EXPECT_EQ(ArmId::from(arm.text()), arm) << arm.text();
    EXPECT_EQ(ArmId::fix("unset").text(), "fix:unset");
    EXPECT_EQ(ArmId::fix("unset").folder(), "fix-unset");
}

TEST(ArmIdTest, OtherWordsNameNoArm) {
    for (const char* text : {"", "fix", "fix:", "Healthy", "failing ", "control:x"})
        EXPECT_FALSE(ArmId::from(text)) << text;
}

TEST(CellIdTest, CellsOfDifferentVariantsDiffer) {
    const CellId one{.image = "house", .case_id = "door", .variant = {{"by", "day"}}};
    CellId other = one;
    EXPECT_EQ(one, other);
    other.variant["by"] = "night";
    EXPECT_NE(one, other);
    EXPECT_EQ(one.text(), "house door day");
}

}  // namespace

namespace {

TEST(VariantName, JoinsTheValues) {
    EXPECT_EQ(variant_name({{"session", "cron"}, {"launcher", "initscript"}}), "initscript/cron");
    EXPECT_EQ(variant_name({{"by", "unit"}}), "unit");
    EXPECT_EQ(variant_name({}), "");
}

}  // namespace

}  // namespace clamproof
