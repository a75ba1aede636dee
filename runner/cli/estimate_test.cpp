#include "cli/estimate.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

CellId cell(const std::string& case_id) {
    return {.image = "house", .case_id = case_id};
}

Event cell_ended(const std::string& case_id) {
    CellEnded ended;
    ended.cell.image = "house";
    ended.cell.case_id = case_id;
    return ended;
}

TEST(Estimate, what_is_left_is_shared_out) {
    Estimate estimate({{cell("a"), 40}, {cell("b"), 20}, {cell("c"), 20}}, 2);
    EXPECT_EQ(estimate.left(0), 40);
    estimate.apply(CellStarted{.cell = cell("a")}, 0);
    estimate.apply(CellStarted{.cell = cell("b")}, 0);
    EXPECT_EQ(estimate.left(10), 30);
    estimate.apply(cell_ended("a"), 10);
    EXPECT_EQ(estimate.left(10), 20) << "the longest of them, which nobody can share";
    EXPECT_EQ(estimate.left(50), 20) << "one that takes longer than ever is taken to end at once";
}

TEST(Estimate, nobody_knows) {
    EXPECT_EQ(Estimate().left(0), std::nullopt);
    Estimate estimate({{cell("a"), 40}}, 2);
    estimate.apply(BuildStep{.image = "house", .step = "booting"}, 0);
    EXPECT_EQ(estimate.left(0), std::nullopt) << "how long an image takes is not remembered";
    estimate.apply(ImageFailed{.image = "house", .why = "no space"}, 60);
    EXPECT_EQ(estimate.left(60), 40);
}

}  // namespace
}  // namespace clamproof
