#include "run/durations.h"

#include <gtest/gtest.h>

#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

CellResult cell(const std::string& image, double seconds, Outcome outcome = Outcome::Pass) {
    CellResult result;
    result.image = image;
    result.case_id = "door";
    result.outcome = outcome;
    result.seconds = seconds;
    result.arms.emplace_back();
    return result;
}

CellId id(const std::string& image) {
    return {.image = image, .case_id = "door"};
}

TEST(Durations, AreRememberedFromRunToRun) {
    const TempDir folder(testing::TempDir(), "durations-");
    const fs::path file = folder.path() / "cache" / "durations.json";
    Durations(file).remember({cell("house", 12), cell("barn", 30)});
    Durations(file).remember({cell("barn", 20)});
    const Durations known(file);
    EXPECT_EQ(known.expected(id("house")), 12);
    EXPECT_EQ(known.expected(id("barn")), 20);
    EXPECT_GT(known.expected(id("shed")), 1e6);
}

TEST(Durations, OfCellsThatBrokeOffSayNothing) {
    const TempDir folder(testing::TempDir(), "durations-");
    const fs::path file = folder.path() / "durations.json";
    CellResult skipped = cell("shed", 0);
    skipped.arms.clear();
    Durations(file).remember({cell("house", 12), skipped, cell("barn", 3, Outcome::Infra)});
    EXPECT_GT(Durations(file).expected(id("barn")), 1e6);
    EXPECT_GT(Durations(file).expected(id("shed")), 1e6);
}

TEST(Durations, OfSkippedCellsAreKnownToBeNone) {
    const TempDir folder(testing::TempDir(), "durations-");
    const fs::path file = folder.path() / "durations.json";
    Durations(file).remember({cell("house", 12, Outcome::Skipped)});
    EXPECT_EQ(Durations(file).known(id("house")), 0);
    EXPECT_EQ(Durations(file).known(id("barn")), std::nullopt);
}

TEST(Durations, OfAFileThatSomebodyNamedHaveToBeThere) {
    const TempDir folder(testing::TempDir(), "durations-");
    const fs::path file = folder.path() / "durations.json";
    EXPECT_THROW(Durations::of(file), InputError);
    write_file(file, "[1, 2]");
    EXPECT_THROW(Durations::of(file), InputError);
    write_file(file, durations_json({cell("house", 12), cell("barn", 3, Outcome::Infra)}));
    EXPECT_EQ(Durations::of(file).known(id("house")), 12);
    EXPECT_EQ(Durations::of(file).known(id("barn")), std::nullopt);
}

TEST(Durations, ADamagedFileIsAsGoodAsNone) {
    const TempDir folder(testing::TempDir(), "durations-");
    const fs::path file = folder.path() / "durations.json";
    write_file(file, "{ \"house\": ");
    EXPECT_GT(Durations(file).expected(id("house")), 1e6);
    Durations(file).remember({cell("house", 12)});
    EXPECT_EQ(Durations(file).expected(id("house")), 12);
}

}  // namespace
}  // namespace clamproof
