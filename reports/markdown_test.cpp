#include <gtest/gtest.h>

#include <sstream>

#include "reports/golden_test.h"
#include "reports/reports.h"
#include "reports/sample_test.h"
#include "reports/summary.h"

namespace clamproof {
namespace {

TEST(Markdown, looks_as_accepted) {
    expect_golden("summary.md", markdown(sample_run()));
}

TEST(Markdown, stays_within_its_limit_whatever_happens) {
    const RunResults run = big_run(5'000);
    const std::string text = markdown(run);
    EXPECT_LE(text.size(), markdown_limit);
    EXPECT_NE(text.find("no room here; results.json has all"), std::string::npos);
    EXPECT_LE(markdown(run, 2000).size(), 2000U);
}

// What is left when blocks of code are taken out, by the rule that a fence ends with one as long.
std::string outside_blocks(const std::string& text) {
    std::string outside, line, fence;
    for (std::istringstream lines(text); std::getline(lines, line);) {
        const std::string ticks = line.substr(0, line.find_first_not_of('`'));
        if (fence.empty() && ticks.size() >= 3)
            fence = ticks;
        else if (!fence.empty() && line == fence)
            fence.clear();
        else if (fence.empty())
            outside += line + "\n";
    }
    EXPECT_EQ(fence, "");
    return outside;
}

TEST(Markdown, what_a_guest_prints_is_neither_markup_nor_a_fence) {
    RunResults run = sample_run();
    run.results = {hostile_cell()};
    run.results[0].arms.back().seen = "```\n# heading <script>alert(1)</script> | [x](y)";
    run.results[0].case_id = "<img src=x> | `";
    run.results[0].known = "[link](javascript:x) ![](y)";
    const std::string text = outside_blocks(markdown(run));
    for (const char* markup : {"<", "`", "](", "# heading", "script>"})
        EXPECT_EQ(text.find(markup), std::string::npos) << markup << " in\n" << text;
}

TEST(ResultMatrix, variants_are_folded_and_the_worst_is_told) {
    RunResults run = sample_run();
    const CellResult good = run.results[0], bad = run.results[1];
    std::vector<CellResult> cells = {good, good, bad};
    for (auto& cell : cells) cell.case_id = "x", cell.image = "i";
    cells.push_back(run.results[4]);
    const ResultMatrix matrix = matrix_of(cells);
    EXPECT_EQ(matrix.fields.at({"x", "i"}).words, "1 of 3 fix-failed");
    EXPECT_EQ(matrix.fields.at({"x", "i"}).outcome, Outcome::Mismatch);
    EXPECT_EQ(matrix.fields.at({"x", "i"}).silent_misses, 1);
    EXPECT_EQ(matrix.fields.at({"selinux-stream-ports", "debian-12-apparmor"}).words, "skipped");
    cells.erase(cells.begin() + 2);
    EXPECT_EQ(matrix_of(cells).fields.at({"x", "i"}).words, "2 fixed");
}

}  // namespace
}  // namespace clamproof
