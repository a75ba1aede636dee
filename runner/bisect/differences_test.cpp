#include "bisect/differences.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

using Lines = std::vector<std::string>;

TEST(Differences, TellWhichVersionsChanged) {
    EXPECT_EQ(
        changed_versions({{"a", "1"}, {"b", "1"}, {"gone", "3"}}, {{"a", "1"}, {"b", "2"}, {"new", "4"}}),
        (Lines{"b 1 → 2", "- gone 3", "+ new 4"}));
}

TEST(Differences, TellWhichLinesCameAndWent) {
    EXPECT_EQ(changed_lines("allow b\nallow a\n", "allow c\nallow a\n"), (Lines{"- allow b", "+ allow c"}));
    EXPECT_EQ(changed_lines("same\n", "same\n"), Lines{});
}

}  // namespace
}  // namespace clamproof
