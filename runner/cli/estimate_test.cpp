#include "cli/estimate.h"

#include <gtest/gtest.h>

#include "jobs/job.h"

namespace clamproof {
namespace {

Event event(EventKind kind, const std::string& case_id) {
    Event event;
    event.kind = kind;
    event.image = "house";
    event.case_id = case_id;
    return event;
}

std::string key(const std::string& case_id) {
    return cell_key("house", case_id, {});
}

TEST(Estimate, what_is_left_is_shared_out) {
    Estimate estimate({{key("a"), 40}, {key("b"), 20}, {key("c"), 20}}, 2);
    EXPECT_EQ(estimate.left(0), 40);
    estimate.apply(event(EventKind::CellStarted, "a"), 0);
    estimate.apply(event(EventKind::CellStarted, "b"), 0);
    EXPECT_EQ(estimate.left(10), 30);
    estimate.apply(event(EventKind::CellEnded, "a"), 10);
    EXPECT_EQ(estimate.left(10), 20) << "the longest of them, which nobody can share";
    EXPECT_EQ(estimate.left(50), 20) << "one that takes longer than ever is taken to end at once";
}

TEST(Estimate, nobody_knows) {
    EXPECT_EQ(Estimate().left(0), std::nullopt);
    Estimate estimate({{key("a"), 40}}, 2);
    estimate.apply(event(EventKind::BuildStep, ""), 0);
    EXPECT_EQ(estimate.left(0), std::nullopt) << "how long an image takes is not remembered";
    estimate.apply(event(EventKind::BuildEnded, ""), 60);
    EXPECT_EQ(estimate.left(60), 40);
}

}  // namespace
}  // namespace clamproof
