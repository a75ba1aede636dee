#include "casefile/variant.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(VariantName, JoinsTheValues) {
    EXPECT_EQ(variant_name({{"session", "cron"}, {"launcher", "initscript"}}), "initscript/cron");
    EXPECT_EQ(variant_name({{"by", "unit"}}), "unit");
    EXPECT_EQ(variant_name({}), "");
}

}  // namespace
}  // namespace clamproof
