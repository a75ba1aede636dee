#include <gtest/gtest.h>

#include <vector>

#include "run/run.h"

namespace clamproof {
namespace {

// Cells are named by their seconds.
RunCell cell(const std::string& image, const std::string& case_id, const std::string& seconds) {
    return {.cell = {.image = image, .case_id = case_id, .variant = {{"seconds", seconds}}}};
}

class CellQueueTest : public testing::Test {
  protected:
    // The first cell of all is chosen by another rule.
    void begin() {
        queue_.push_back(cell("first", "of all", "0"));
        take(0);
    }

    std::string take(std::size_t worker) {
        const CellId job = queue_.take(worker).cell;
        return job.image + " " + job.case_id + " " + job.variant.at("seconds");
    }

    CellQueue queue_{[](const CellId& job) { return std::stod(job.variant.at("seconds")); }};
};

TEST_F(CellQueueTest, TheFirstOfAllIsTheShortest) {
    for (const char* seconds : {"3", "50", "2", "2.0", "4"}) queue_.push_back(cell("house", "door", seconds));
    EXPECT_EQ(take(0), "house door 2.0") << "of equal ones the last: it has no fixes to prove";
    EXPECT_EQ(take(0), "house door 50");
}

TEST_F(CellQueueTest, AWorkerGoesOnWithWhatItBeganAndThenHelpsTheOther) {
    begin();
    for (const char* seconds : {"3", "50", "4"}) queue_.push_back(cell("house", "door", seconds));
    for (const char* seconds : {"20", "21"}) queue_.push_back(cell("house", "window", seconds));
    queue_.push_back(cell("hut", "door", "30"));
    EXPECT_EQ(take(0), "house door 50") << "the most work, and of that the longest";
    EXPECT_EQ(take(1), "house window 21") << "the most that nobody has begun upon";
    EXPECT_EQ(take(1), "house window 20");
    EXPECT_EQ(take(1), "hut door 30");
    EXPECT_EQ(take(0), "house door 4") << "although it was done before the hut's";
    EXPECT_EQ(take(1), "house door 3") << "there is nothing else";
    EXPECT_TRUE(queue_.empty());
}

TEST_F(CellQueueTest, OfEqualCellsTheFirstGoesFirst) {
    begin();
    queue_.push_back(cell("house", "door", "1"));
    queue_.push_back(cell("house", "door", "1.0"));
    queue_.push_front(cell("house", "door", "1.00"));
    for (const char* next : {"1.00", "1", "1.0"}) EXPECT_EQ(take(0), std::string("house door ") + next);
}

TEST_F(CellQueueTest, SiblingsOfACopyAreCopiesInItsVariant) {
    begin();
    for (const char* name : {"door.blind", "door.deaf"}) {
        for (const char* seconds : {"1", "2"}) {
            RunCell copy = cell("house", name, seconds);
            copy.copy_of = "door";
            queue_.push_back(copy);
        }
    }
    EXPECT_EQ(queue_.take(0).siblings, 1) << "the other copy that takes two seconds";
    EXPECT_EQ(queue_.take(0).siblings, 0);
}

TEST_F(CellQueueTest, CountsTheSiblingsThatAreLeft) {
    begin();
    queue_.push_back(cell("house", "door", "1"));
    queue_.push_back(cell("house", "door", "2"));
    queue_.push_back(cell("hut", "door", "1"));
    EXPECT_EQ(queue_.take(0).siblings, 1);
    EXPECT_EQ(queue_.take(0).siblings, 0);
    EXPECT_EQ(queue_.take(0).siblings, 0);
}

}  // namespace
}  // namespace clamproof
