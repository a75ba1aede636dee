#include "bisect/verdict_cache.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

namespace clamproof {
namespace {

class VerdictCacheTest : public ::testing::Test {
  protected:
    static VerdictKey key() {
        return {.image = "1a",
                .machine = "2b",
                .stages = {"3c", "4d"},
                .subject = "5e",
                .variant = {{"session", "cron"}},
                .ends = Ends{.good = Verdict::Immune, .bad = std::nullopt}};
    }
    static CellResult result(Verdict verdict, const std::string& because) {
        CellResult cell;
        cell.case_id = "leak";
        cell.verdict = verdict;
        cell.because = because;
        cell.arms.emplace_back();
        cell.arms.back().artifacts = {"logs/x/journal"};
        return cell;
    }

    TempDir folder_{fs::temp_directory_path(), "verdicts"};
    VerdictCache cache_{folder_.path() / "verdicts"};
};

TEST_F(VerdictCacheTest, KeepsEveryAnswerInItsOrder) {
    EXPECT_TRUE(cache_.find(key()).empty());
    cache_.keep(key(), result(Verdict::Immune, "first"));
    cache_.keep(key(), result(Verdict::Fixed, "second"));
    const auto found = cache_.find(key());
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].verdict, Verdict::Immune);
    EXPECT_EQ(found[0].because, "first");
    EXPECT_EQ(found[1].verdict, Verdict::Fixed);
}

TEST_F(VerdictCacheTest, NamesNoFileOfTheRunThatMadeIt) {
    cache_.keep(key(), result(Verdict::Immune, ""));
    EXPECT_TRUE(cache_.find(key()).at(0).arms.at(0).artifacts.empty());
}

TEST_F(VerdictCacheTest, AnInfraErrorSaysNothingAboutTheContent) {
    cache_.keep(key(), result(Verdict::InfraError, "no space"));
    EXPECT_TRUE(cache_.find(key()).empty());
}

TEST_F(VerdictCacheTest, EverythingThatCouldChangeTheVerdictIsInTheKey) {
    std::set<std::string> keys = {key().text()};
    const auto differs = [&](const auto& change) {
        VerdictKey other = key();
        change(other);
        EXPECT_TRUE(keys.insert(other.text()).second);
    };
    differs([](VerdictKey& other) { other.image = "9"; });
    differs([](VerdictKey& other) { other.machine = "9"; });
    differs([](VerdictKey& other) { other.stages = {"4d", "3c"}; });
    differs([](VerdictKey& other) { other.stages.pop_back(); });
    differs([](VerdictKey& other) { other.subject = "9"; });
    differs([](VerdictKey& other) { other.variant["session"] = "sudo"; });
    differs([](VerdictKey& other) { other.ends.reset(); });
    differs([](VerdictKey& other) { other.ends = Ends{}; });
    differs([](VerdictKey& other) { other.ends = Ends{.good = {}, .bad = Verdict::Immune}; });
}

TEST_F(VerdictCacheTest, ADamagedFileIsNothing) {
    cache_.keep(key(), result(Verdict::Immune, ""));
    write_file(folder_.path() / "verdicts" / key().text(), "{\"verdict\": \"great\"}\n");
    EXPECT_TRUE(cache_.find(key()).empty());
}

TEST_F(VerdictCacheTest, ForgetsWhatNobodyAskedForInAMonth) {
    cache_.keep(key(), result(Verdict::Immune, ""));
    VerdictKey other = key();
    other.image = "9";
    cache_.keep(other, result(Verdict::Immune, ""));
    fs::last_write_time(folder_.path() / "verdicts" / key().text(),
                        fs::file_time_type::clock::now() - std::chrono::days(31));
    EXPECT_EQ(cache_.forget(), 1u);
    EXPECT_TRUE(cache_.find(key()).empty());
    EXPECT_EQ(cache_.find(other).size(), 1u);
}

}  // namespace
}  // namespace clamproof
