#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>

#include "reports/golden_test.h"
#include "reports/reports.h"
#include "reports/sample_test.h"

namespace clamproof {
namespace {

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string without_colour(std::string text) {
    for (std::size_t at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b', at)) {
        text.erase(at, text.find('m', at) - at + 1);
    }
    return text;
}

TEST(VerdictTable, golden) {
    expect_golden("table.txt", verdict_table(sample_run(), {.out = "out"}));
}

TEST(VerdictTable, colour_adds_nothing_but_colour) {
    const std::string plain = verdict_table(sample_run(), {});
    const std::string coloured = verdict_table(sample_run(), {.colour = Colour::Always});
    EXPECT_EQ(plain.find('\x1b'), std::string::npos);
    EXPECT_NE(coloured.find("\x1b[31mFAIL\x1b[0m"), std::string::npos);
    EXPECT_EQ(without_colour(coloured), plain);
}

TEST(VerdictTable, all_as_expected_is_short) {
    RunResults run = sample_run();
    run.results.resize(1);
    run.host.accelerator = "kvm";
    const std::string text = verdict_table(run, {});
    EXPECT_EQ(lines_in(text), 9U) << text;
    EXPECT_TRUE(text.ends_with("\n1 passed, 0 failed, 0 skipped\n")) << text;
    EXPECT_EQ(text.find("SILENT MISS that"), std::string::npos) << "the failure explains it";
}

TEST(VerdictTable, an_empty_or_interrupted_run_says_so) {
    RunResults run;
    run.interrupted = true;
    const std::string text = verdict_table(run, {});
    EXPECT_NE(text.find("0 cells in 0.0 s: 0 as expected, 0 skipped. No guest was started.\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("interrupted"), std::string::npos);
    EXPECT_TRUE(text.ends_with("\n0 passed, 0 failed, 0 skipped\n"));
}

TEST(VerdictTable, an_image_that_does_not_come_up_is_told_once) {
    RunResults run = sample_run();
    run.results.clear();
    for (const char* image : {"flooded", "flooded", "flooded", "burnt"}) {
        CellResult cell;
        cell.image = image;
        cell.case_id = "leak";
        cell.because = "the cellar is wet";
        run.results.push_back(cell);
    }
    const std::string text = verdict_table(run, {});
    EXPECT_NE(text.find("  as well  2 other cells of flooded\n"), std::string::npos) << text;
    std::size_t told = 0;
    for (auto at = text.find("the cellar is wet"); at != std::string::npos;
         at = text.find("the cellar is wet", at + 1))
        ++told;
    EXPECT_EQ(told, 2u) << text;
    EXPECT_TRUE(text.ends_with("\n0 passed, 4 failed, 0 skipped\n")) << text;
}

TEST(VerdictTable, a_silent_miss_is_told_even_of_a_cell_that_passed) {
    RunResults run = sample_run();
    run.results = {sample_failed_cell()};
    run.results[0].outcome = Outcome::Pass;
    const std::string text = verdict_table(run, {});
    EXPECT_NE(
        text.find("SILENT MISS that the failure does not explain: infected files were reported clean while a "
                  "fix was in place or before anything was broken, 1 time in 1 cell:\n"),
        std::string::npos)
        << text;
}

TEST(VerdictTable, many_silent_misses_stay_readable) {
    RunResults run = big_run(200);
    for (CellResult& cell : run.results) {
        for (Arm& arm : cell.arms)
            arm.scans.assign(100, {"path", "/x", true, "clean", "probe", Fault::Present});
    }
    const std::string text = verdict_table(run, {});
    EXPECT_NE(text.find(": by path; healthy (probe), failing (probe), fix label-the-range (probe)\n"),
              std::string::npos);
    EXPECT_NE(text.find("and 80 cells more\n"), std::string::npos) << text;
}

TEST(VerdictTable, guest_text_cannot_break_it) {
    RunResults run = sample_run();
    run.results.push_back(hostile_cell());
    run.results.back().arms[0].seen = std::string(1'000'000, 'x');
    run.host.why = hostile_text();
    const std::string text = verdict_table(run, {.out = "out"});
    EXPECT_EQ(text.find_first_of(std::string("\x1b\r\t\x07\0", 5)), std::string::npos);
    EXPECT_LT(text.size(), 20'000U);
    EXPECT_EQ(text.find("\nnext line"), std::string::npos);
}

TEST(VerdictTable, four_hundred_cells) {
    const std::string text = verdict_table(big_run(400), {});
    EXPECT_NE(text.find("400 cells in"), std::string::npos);
    EXPECT_TRUE(text.ends_with("100 passed, 200 failed, 100 skipped\n"));
    // A row for each that ran; a line for what was skipped; a block of seven lines for each that failed.
    const std::size_t expected = 1 + 300 + 1 + 200UL * 7;
    EXPECT_GT(lines_in(text), expected);
    EXPECT_LT(lines_in(text), expected + 60);
}

TEST(VerdictSummary, a_terminal_gets_thirty_lines_at_most) {
    RunResults run = big_run(5000);
    for (std::size_t i = 0; i < run.results.size(); ++i)
        run.results[i].case_id = fmt::format("case-{}", i % 40);
    const std::string text = verdict_summary(run, {.out = "out"});
    EXPECT_LE(lines_in(text), 30U) << text;
    EXPECT_NE(text.find(" other cells not as expected\n"), std::string::npos) << text;
    EXPECT_NE(
        text.find("\nThe whole of it is in out/report.html and out/summary.md; --table prints it here.\n"),
        std::string::npos);
    EXPECT_TRUE(verdict_table(run, {}).ends_with("\n" + text.substr(text.rfind('\n', text.size() - 2) + 1)))
        << "both end alike";
}

TEST(VerdictSummary, of_one_cell_that_differs_all_is_told) {
    RunResults run = sample_run();
    std::erase_if(run.results, [](const CellResult& cell) { return cell.outcome != Outcome::Pass; });
    ASSERT_FALSE(run.results.empty());
    run.results.push_back(sample_failed_cell());
    const std::string text = verdict_summary(run, {.out = "out"});
    EXPECT_NE(text.find("\n  claimed  "), std::string::npos) << text;
    EXPECT_NE(text.find("\n  again    "), std::string::npos) << text;
    EXPECT_EQ(text.find("\nok "), std::string::npos) << text;
}

TEST(VerdictSummary, silent_misses_are_told_by_case) {
    const std::string text = verdict_summary(sample_run(), {});
    EXPECT_TRUE(RE2::PartialMatch(text, R"(\n  [a-z-]+: [0-9]+ times? in [0-9]+ cells?\n)")) << text;
}

}  // namespace
}  // namespace clamproof
