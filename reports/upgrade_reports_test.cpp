#include "reports/upgrade_reports.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/schema_check_test.h"
#include "support/files.h"
#include "upgrade/judgement.h"

namespace clamproof {
namespace {

CellResult cell(Verdict verdict, int silent_misses) {
    CellResult result;
    result.verdict = verdict;
    Arm arm;
    arm.id = ArmId::failing();
    for (int i = 0; i < silent_misses; ++i)
        arm.scans.push_back(
            {.method = "path", .file = "/tmp/infected", .infected = true, .outcome = "clean"});
    result.arms.push_back(arm);
    return result;
}

// A leak that became silent and whose fix was lost, beside a door that is as it was.
UpgradeResults sample_upgrade() {
    UpgradeResults results;
    results.to = {"street-security"};
    results.images = {{.name = "house",
                       .state = Before::LivedIn,
                       .digest = "1",
                       .from = {},
                       .to = {{.name = "roof", .version = "2", .file = "roof_2.ipk"}},
                       .changes = {{.kind = "package", .name = "roof", .before = "1", .after = "2"},
                                   {.kind = "file", .name = "/etc/roof", .before = "1 2", .after = "3 4"},
                                   {.kind = "not-taken", .name = "/etc/gate", .before = "", .after = "5 6"},
                                   {.kind = "process", .name = "door", .before = "", .after = "left open"}},
                       .facts_before = {{"roof", "1"}},
                       .facts_after = {{"roof", "2"}}}};
    UpgradeRow leak;
    leak.image = "house";
    leak.state = Before::LivedIn;
    leak.case_id = "leak";
    leak.variant = {{"weather", "rain"}};
    leak.before = cell(Verdict::Reproduced, 0);
    leak.after = cell(Verdict::Fixed, 2);
    leak.fixes = {{.fix = "bucket", .fate = Fate::Lost, .why = "it drips | <again>"},
                  {.fix = "hope", .fate = Fate::NotTried, .why = "it promises to last for nothing"}};
    leak.judgement =
        judge_upgrade({.verdict = Verdict::Reproduced}, {.verdict = Verdict::Fixed, .silent_misses = 2},
                      {Fate::Lost, Fate::NotTried});
    UpgradeRow door = leak;
    door.case_id = "door";
    door.before = door.after = cell(Verdict::Immune, 0);
    door.fixes.clear();
    door.judgement = judge_upgrade({.verdict = Verdict::Immune}, {.verdict = Verdict::Immune}, {});
    results.rows = {leak, door};
    results.skipped = {{.image = "house", .case_id = "cellar", .because = "it has none"}};
    return results;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(UpgradeReports, JsonIsAsItsSchemaSays) {
    const auto schema =
        nlohmann::json::parse(read_file(fs::path(CLAMPROOF_SOURCE_DIR) / "reports" / "upgrade.schema.json"));
    SchemaCheck check(schema);
    EXPECT_EQ(check.complaints(nlohmann::json::parse(upgrade_json(sample_upgrade()))),
              std::vector<std::string>());
    EXPECT_EQ(check.unused_keys(), std::vector<std::string>());
    EXPECT_EQ(check.complaints(nlohmann::json::parse(upgrade_json({}))), std::vector<std::string>());
}

TEST(UpgradeReports, ASilentMissThatAppearsIsTheHeadline) {
    const std::string table = upgrade_table(sample_upgrade(), "out", Colour::Never);
    EXPECT_TRUE(table.starts_with("SILENT MISS")) << table;
    EXPECT_TRUE(has(upgrade_markdown(sample_upgrade()), "**SILENT MISS**"));
    UpgradeResults known = sample_upgrade();
    known.rows[0].before = known.rows[0].after;
    EXPECT_FALSE(has(upgrade_table(known, "out", Colour::Never), "SILENT MISS"));
}

TEST(UpgradeReports, TheTableHasARowACaseAndTheReasons) {
    const std::string table = upgrade_table(sample_upgrade(), "out", Colour::Never);
    EXPECT_TRUE(
        has(table,
            "regressed  house  lived-in  leak  rain     reproduced  fixed (2!)  bucket lost, hope not-tried"))
        << table;
    EXPECT_TRUE(has(table, "unchanged  house  lived-in  door  rain     immune      immune")) << table;
    EXPECT_TRUE(has(table, "skipped    house cellar: it has none"));
    EXPECT_TRUE(has(
        table,
        "house, lived-in: roof 1 → 2\n  process door: new, left open\n  NOT TAKEN: what the packages bring "
        "for /etc/gate, because the site had changed its own\n  beside them 1 thing"))
        << table;
    EXPECT_TRUE(has(table, "  lost     bucket: it drips | <again>"));
    EXPECT_TRUE(has(table, "1 regressed, 0 repaired, 1 unchanged in "));
}

TEST(UpgradeReports, EachRowSaysWhichStateItIsOf) {
    UpgradeResults both = sample_upgrade();
    both.rows[1].state = Before::AsShipped;
    const std::string text = upgrade_markdown(both);
    EXPECT_TRUE(has(text, "| house | lived-in | leak |")) << text;
    EXPECT_TRUE(has(text, "| house | as-shipped | door |")) << text;
}

TEST(UpgradeReports, FilesThatWereNotTakenAreAHeadline) {
    const std::string text = upgrade_markdown(sample_upgrade());
    const auto headline =
        text.find("**NOT TAKEN**: what the packages bring for /etc/gate is not in force on house (lived");
    EXPECT_LT(headline, text.find("| | image |")) << text;
}

TEST(UpgradeReports, NothingOfAGuestIsTakenForMarkdown) {
    const std::string text = upgrade_markdown(sample_upgrade());
    EXPECT_TRUE(has(text, "bucket **lost**: it drips \\| &lt;again>")) << text;
    EXPECT_TRUE(has(text, "file /etc/roof: changed"));
}

TEST(UpgradeReports, WhatWasNotRunIsSaid) {
    EXPECT_EQ(not_run(sample_upgrade()).size(), 2U);
    EXPECT_TRUE(not_run({}).empty());
}

}  // namespace
}  // namespace clamproof
