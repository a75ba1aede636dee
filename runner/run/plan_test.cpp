#include "run/plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "run/run.h"
#include "support/error.h"

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

namespace {

VariableLookup environment(const std::map<std::string, std::string>& variables) {
    return [variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

std::string refusal(const std::string& text, const std::map<std::string, std::string>& variables = {}) {
    try {
        read_shard(text, environment(variables));
    } catch (const InputError& error) {
        return error.what();
    }
    return "was taken";
}

TEST(Shard, IsReadAsKOfN) {
    EXPECT_EQ(read_shard("2/4", environment({})), (Shard{.number = 2, .of = 4}));
    EXPECT_EQ(read_shard("1/1", environment({})), (Shard{.number = 1, .of = 1}));
}

TEST(Shard, WhatIsNoneIsRefusedWithAnExample) {
    for (const char* text : {"", "2", "0/4", "5/4", "-1/4", "a/b", "1/4x", "1/", "/4", "1/0", "1/2/3"})
        EXPECT_NE(refusal(text).find("such as 2/4"), std::string::npos) << text << ": " << refusal(text);
}

TEST(Shard, AutoIsWhatTheCiSays) {
    EXPECT_EQ(read_shard("auto", environment({{"CI_NODE_INDEX", "3"}, {"CI_NODE_TOTAL", "3"}})),
              (Shard{.number = 3, .of = 3}));
    EXPECT_EQ(read_shard("auto", environment({{"BUILDKITE_PARALLEL_JOB", "0"},
                                              {"BUILDKITE_PARALLEL_JOB_COUNT", "2"}})),
              (Shard{.number = 1, .of = 2}));
    EXPECT_EQ(read_shard("auto", environment({{"JOB_COMPLETION_INDEX", "4"}, {"CLAMPROOF_SHARDS", "5"}})),
              (Shard{.number = 5, .of = 5}));
}

TEST(Shard, AutoWhereTheCiSaysTooLittleIsRefused) {
    EXPECT_NE(refusal("auto").find("--shard K/N"), std::string::npos);
    EXPECT_NE(refusal("auto", {{"JOB_COMPLETION_INDEX", "0"}}).find("CLAMPROOF_SHARDS"), std::string::npos);
    EXPECT_NE(refusal("auto", {{"CI_NODE_INDEX", "0"}, {"CI_NODE_TOTAL", "3"}}).find("CI_NODE_INDEX=0"),
              std::string::npos);
}

// Four images with a case of 24 variants each, of which some take long and most of two images none at all.
class ShardCellsTest : public testing::Test {
  protected:
    ShardCellsTest() {
        for (int image = 0; image < 4; ++image)
            for (int number = 0; number < 24; ++number) {
                cells_.push_back({.image = fmt::format("image-{}", image),
                                  .case_id = number < 4 ? "short" : "long",
                                  .variant = {{"number", std::to_string(number)}}});
                seconds_[key(cells_.back())] = image > 1 && number > 5 ? 0 : 5 + 37 * number % 90;
            }
    }

    static std::string key(const CellId& cell) { return cell.text(); }

    std::vector<CellId> shard(int number, int of) const {
        return cells_of_shard(cells_, {.number = number, .of = of}, [&](const CellId& job) {
            return std::optional<double>(seconds_.at(key(job)));
        });
    }

    std::vector<CellId> cells_;
    std::map<std::string, double> seconds_;
};

TEST_F(ShardCellsTest, EveryCellIsInExactlyOne) {
    cells_.resize(30);
    for (const int of : {1, 2, 3, 7, 30, 40}) {
        std::multiset<std::string> seen;
        for (int number = 1; number <= of; ++number)
            for (const CellId& job : shard(number, of)) seen.insert(key(job));
        EXPECT_EQ(seen.size(), cells_.size()) << of;
        EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), cells_.size()) << of;
    }
}

TEST_F(ShardCellsTest, TheyHaveAboutTheSameWork) {
    double least = 1e9, most = 0;
    for (int number = 1; number <= 4; ++number) {
        double work = 0;
        for (const CellId& job : shard(number, 4)) work += seconds_.at(key(job));
        least = std::min(least, work);
        most = std::max(most, work);
    }
    EXPECT_LE((most - least) / most, 0.15) << least << " … " << most;
}

TEST_F(ShardCellsTest, NoneNeedsEveryImageWhereItCanBeHelped) {
    for (auto& [name, seconds] : seconds_) seconds = 10;
    for (int number = 1; number <= 4; ++number) {
        std::set<std::string> images;
        for (const CellId& job : shard(number, 4)) images.insert(job.image);
        EXPECT_EQ(images.size(), 1U) << number;
    }
}

TEST_F(ShardCellsTest, WhereNobodyKnowsSecondsTheyHaveAboutTheSameNumberOfCells) {
    for (int number = 1; number <= 3; ++number) {
        const auto mine = cells_of_shard(cells_, {.number = number, .of = 3},
                                         [](const CellId&) { return std::optional<double>(); });
        EXPECT_NEAR(static_cast<double>(mine.size()), 32, 3) << number;
    }
}

TEST_F(ShardCellsTest, KeepTheirOrder) {
    const auto mine = shard(1, 2);
    std::size_t at = 0;
    for (const CellId& job : mine) {
        while (at < cells_.size() && !(cells_[at] == job)) ++at;
        ASSERT_LT(at, cells_.size());
    }
}

}  // namespace

}  // namespace clamproof
