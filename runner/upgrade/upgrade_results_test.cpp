#include <gtest/gtest.h>

#include "proof/fake_door_test.h"
#include "reports/upgrade_reports.h"
#include "results/exit_code.h"
#include "upgrade/judgement.h"
#include "upgrade/upgrade_run.h"

namespace clamproof {
namespace {

class UpgradeResultsTest : public testing::Test {
  protected:
    UpgradeResultsTest() : folder_(testing::TempDir(), "upgrade-results-"), door_(load_door()) {
        row_.before.verdict = Verdict::Reproduced;
        row_.after.verdict = Verdict::Fixed;
    }

    Fate fate_of_oil() {
        judge_row(row_, door_, {});
        return row_.fixes.at(0).fate;
    }

    Case load_door() const {
        write_door(folder_.path() / "door");
        return load_case(folder_.path() / "door", door_facts);
    }

    clamproof::TempDir folder_;
    Case door_;
    UpgradeRow row_;
};

TEST_F(UpgradeResultsTest, AFixThatIsLostIsARegression) {
    row_.with_fixes.emplace().verdict = Verdict::Fixed;
    row_.fixes = {{.fix = "oil", .fate = Fate::Survived, .why = ""}};
    EXPECT_EQ(fate_of_oil(), Fate::Survived);
    EXPECT_EQ(row_.judgement.change, Change::Unchanged);
    row_.fixes = {{.fix = "oil", .fate = Fate::Lost, .why = "it sticks"}};
    EXPECT_EQ(fate_of_oil(), Fate::Lost);
    EXPECT_EQ(row_.fixes[0].why, "it sticks");
    EXPECT_EQ(row_.judgement.change, Change::Regressed);
    row_.fixes = {{.fix = "oil", .fate = Fate::NoCure, .why = "it sticks"}};
    EXPECT_EQ(fate_of_oil(), Fate::NoCure);
}

TEST_F(UpgradeResultsTest, WhatWasNotTriedSaysWhy) {
    EXPECT_EQ(fate_of_oil(), Fate::NotTried);
    EXPECT_EQ(row_.fixes[0].why, "before the upgrade the case is reproduced");
    EXPECT_EQ(row_.fixes.at(1).why, "it promises to last for nothing");
    row_.before.verdict = Verdict::Immune;
    EXPECT_EQ(fate_of_oil(), Fate::NotTried);
    EXPECT_EQ(row_.fixes[0].why, "before the upgrade nothing fails");
}

TEST_F(UpgradeResultsTest, AGuestThatIsLostSaysNothingOfTheFix) {
    row_.with_fixes.emplace().because = "the guest is gone";
    EXPECT_EQ(fate_of_oil(), Fate::NotTried);
    EXPECT_EQ(row_.fixes[0].why, "the guest is gone");
    EXPECT_EQ(exit_code(UpgradeResults{.host = {}, .rows = {row_}}), 3);
}

TEST_F(UpgradeResultsTest, TheExitCodeTellsTheWorst) {
    EXPECT_EQ(exit_code(UpgradeResults{}), 0);
    UpgradeRow fine, worse, inconclusive;
    fine.judgement.change = Change::Unchanged;
    fine.before.verdict = fine.after.verdict = Verdict::Immune;
    worse.judgement.change = Change::Regressed;
    EXPECT_EQ(exit_code(UpgradeResults{.host = {}, .rows = {fine}}), 0);
    EXPECT_EQ(exit_code(UpgradeResults{.host = {}, .rows = {fine, inconclusive}}), 3);
    EXPECT_EQ(exit_code(UpgradeResults{.host = {}, .rows = {inconclusive, worse}}), 1);
    EXPECT_EQ(exit_code(UpgradeResults{.interrupted = true, .host = {}, .rows = {worse}}), 130);
    EXPECT_EQ(exit_code(UpgradeResults{
                  .host = {}, .images = {{.name = "house", .digest = "1", .not_installable = "no"}}}),
              1);
    EXPECT_EQ(closing_line(UpgradeResults{.host = {}, .rows = {fine, worse, inconclusive}}),
              "1 regressed, 0 repaired, 1 unchanged, 1 inconclusive");
}

TEST_F(UpgradeResultsTest, OneVariantStandsForACase) {
    door_.matrix = {{"weather", {"sun", "rain", "snow"}}};
    door_.expect = {{.when = {}, .verdict = Verdict::Immune, .because = ""}};
    EXPECT_EQ(representative(door_, {}), (Variant{{"weather", "sun"}}));
}

}  // namespace
}  // namespace clamproof
