#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/bisect_reports.h"
#include "reports/sample_test.h"

namespace clamproof {
namespace {

BisectRun run_of(std::size_t candidate, Verdict verdict, Side side) {
    BisectRun run{.candidate = candidate, .cell = {}, .side = side};
    run.cell.case_id = "leak";
    run.cell.verdict = verdict;
    run.cell.seconds = 4;
    return run;
}

// Five candidates, the third of which is the culprit; the last two are alike.
BisectReport sample_bisection() {
    BisectReport report;
    report.case_id = "leak";
    report.variant = {{"session", "cron"}};
    report.ends = {.good = Verdict::Immune, .bad = std::nullopt};
    report.confidence = 0.99;
    report.seconds = 42;
    for (const char* name : {"1", "2", "3", "4"})
        report.candidates.push_back(
            {.name = name,
             .image = "guest",
             .packages = {{.file = "/x/leak.package", .name = "leak", .version = name}},
             .same = {}});
    report.candidates.back().same = {"5"};
    report.bisection.result = {.last_good = 1, .first_bad = 2, .probability = 0.995};
    report.bisection.runs = {run_of(0, Verdict::Immune, Side::Good),
                             run_of(3, Verdict::Reproduced, Side::Bad),
                             run_of(1, Verdict::Immune, Side::Good), run_of(2, Verdict::Fixed, Side::Bad)};
    report.bisection.runs[0].cached = true;
    report.bisection.runs_until_found = 3;
    report.differences.packages = {"leak 2 → 3"};
    return report;
}

TEST(BisectReport, NamesTheCulprit) {
    EXPECT_EQ(conclusion(sample_bisection()), "culprit: 3 (leak 3); last good 2, first bad 3");
    const std::string text = bisect_summary(sample_bisection());
    EXPECT_NE(text.find("last good  2: immune"), std::string::npos) << text;
    EXPECT_NE(text.find("first bad  3: fixed"), std::string::npos) << text;
    EXPECT_NE(text.find("packages:\n  leak 2 → 3\n"), std::string::npos) << text;
    EXPECT_NE(
        text.find(
            "4 candidates, 4 runs, 1 of them known from before; found after 3, the others to be sure; 42"),
        std::string::npos)
        << text;
}

TEST(BisectReport, SaysBetweenAndWhy) {
    BisectReport report = sample_bisection();
    report.bisection.result = {.last_good = 0, .first_bad = 3};
    report.bisection.runs = {run_of(1, Verdict::NotInstallable, Side::Unknown),
                             run_of(2, Verdict::InfraError, Side::Unknown)};
    report.bisection.runs[0].cell.because = "the cellar is flooded";
    EXPECT_EQ(conclusion(report),
              "the change is between 1 and 4, undecidable because 2 candidates between them cannot be told");
    EXPECT_EQ(undecided(report),
              (std::vector<std::string>{"2: not-installable: the cellar is flooded", "3: infra-error: "}));
}

TEST(BisectReport, SaysWhereRunsDisagreeAndWhereItWasInterrupted) {
    BisectReport report = sample_bisection();
    report.bisection.result.settled = false;
    EXPECT_NE(conclusion(report).find("between 2 and 3: runs disagree"), std::string::npos);
    EXPECT_TRUE(undecided(report).empty());
    report.bisection.interrupted = true;
    EXPECT_NE(conclusion(report).find("goes on where it was"), std::string::npos);
}

TEST(BisectReport, OfTheLikeNamesThoseNextToTheChange) {
    BisectReport report = sample_bisection();
    report.candidates[1].same = {"2 again"};
    EXPECT_NE(conclusion(report).find("last good 2 again, first bad 3"), std::string::npos);
}

TEST(BisectReport, JsonHoldsAllOfIt) {
    const auto json = nlohmann::json::parse(to_json(sample_bisection()));
    EXPECT_EQ(json["good"], "immune");
    EXPECT_TRUE(json["bad"].is_null());
    EXPECT_EQ(json["change"]["first_bad"], 2);
    EXPECT_EQ(json["candidates"][3]["same"], nlohmann::json::array({"5"}));
    EXPECT_EQ(json["candidates"][0]["packages"][0]["file"], "leak.package");
    ASSERT_EQ(json["runs"].size(), 4u);
    EXPECT_EQ(json["runs"][0]["cached"], true);
    EXPECT_EQ(json["runs"][3]["cell"]["verdict"], "fixed");
    EXPECT_EQ(json["differences"]["packages"][0], "leak 2 → 3");
}

TEST(BisectReport, MarkdownStandsSideBySide) {
    BisectReport report = sample_bisection();
    report.bisection.runs[3].cell = sample_failed_cell();
    const std::string text = markdown(report);
    EXPECT_NE(text.find("|  | last good: 2 | first bad: 3 |"), std::string::npos) << text;
    EXPECT_NE(text.find("| verdict | **immune** |"), std::string::npos) << text;
    EXPECT_NE(text.find("| healthy | "), std::string::npos) << text;
}

TEST(BisectReport, NothingAGuestOrAPackageSaysIsTakenForMarkup) {
    BisectReport report = sample_bisection();
    report.candidates[2].name = hostile_text();
    report.candidates[2].packages[0].version = hostile_text();
    report.bisection.runs[3].cell = hostile_cell();
    report.differences.contents = {hostile_text()};
    for (const auto& text : {markdown(report), bisect_summary(report)}) {
        EXPECT_EQ(text.find('\x1b'), std::string::npos);
        EXPECT_EQ(text.find("\u202e"), std::string::npos);
    }
    EXPECT_TRUE(nlohmann::json::accept(to_json(report)));
}

}  // namespace
}  // namespace clamproof
