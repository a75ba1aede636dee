#include "reports/markdown.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>

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
    static_assert(markdown_limit <= 1 << 20, "GitHub takes no more");
    RunResults run = big_run(60);
    for (CellResult& cell : run.results)
        for (Arm& arm : cell.arms) arm.seen = std::string(1'800, 'x');
    for (const std::size_t limit : {50'000U, 2'000U}) {
        const std::string text = markdown(run, limit);
        EXPECT_LE(text.size(), limit);
        EXPECT_NE(text.find("no room here; results.json has all"), std::string::npos) << limit;
    }
    EXPECT_EQ(markdown(run).find("no room here"), std::string::npos);
}

TEST(Markdown, what_a_guest_prints_is_neither_markup_nor_a_fence) {
    RunResults run = sample_run();
    run.results = {hostile_cell()};
    run.results[0].arms.back().seen = "```\n# heading <script>alert(1)</script> | [x](y)";
    run.results[0].case_id = "<img src=x> | `";
    run.results[0].known = "[link](javascript:x) ![](y)";
    const std::string text = outside_blocks(markdown(run));
    for (const char* markup : {"<", " `", "\n# heading", " [x]"})
        EXPECT_EQ(text.find(markup), std::string::npos) << markup << " in\n" << text;
    for (const char* escaped : {"&lt;img src=x>", "\\`", "\\[link](javascript:x) !\\[](y)"})
        EXPECT_NE(text.find(escaped), std::string::npos) << escaped << " in\n" << text;
}

TEST(Markdown, what_is_harmless_stays_as_it_is) {
    for (const std::string text :
         {"debian-12-selinux", "fix:label-the-range", "clamd_t and unreserved_port_t", "it's \"login\"",
          "1.4.6+dfsg-1", "a & b; x > y", "50 % (of {all})", "wwwrun", "C# or #", "", "2 cells",
          "until 2030-06-30: waits"})
        EXPECT_EQ(markdown_plain(text), text);
}

TEST(Markdown, what_means_something_is_escaped) {
    const std::pair<const char*, const char*> hostile[] = {
        {"**bold** _it_ __x__ ~~no~~", "\\*\\*bold\\*\\* \\_it\\_ \\_\\_x\\_\\_ \\~\\~no\\~\\~"},
        {"[a](javascript:b)", "\\[a](javascript:b)"},
        {"![a](b)", "!\\[a](b)"},
        {"[x]: /y", "\\[x]: /y"},
        {"<script>", "&lt;script>"},
        {"<!-- -->", "&lt;!-- -->"},
        {"&lt; &#60;", "&amp;lt; &amp;#&#8203;60;"},
        {"a | b", "a \\| b"},
        {"| - | - |", "\\| - \\| - \\|"},
        {"\\| \\", "\\\\\\| \\\\"},
        {"`a` ```", "\\`a\\` \\`\\`\\`"},
        {"~~~ text", "\\~\\~\\~ text"},
        {"# heading", "\\# heading"},
        {"> quote", "\\> quote"},
        {"- item", "\\- item"},
        {"---", "\\---"},
        {"===", "\\==="},
        {"+ item", "\\+ item"},
        {"12. item", "12\\. item"},
        {"12) item", "12\\) item"},
        {"    code", "code"},
        {"a\n# b", "a # b"},
        {"::error::x", "\\::error::x"},
        {"see @root, a@b.c", "see @&#8203;root, a@&#8203;b.c"},
        {"#12 o/r#1", "\\#&#8203;12 o/r#&#8203;1"},
        {"https://x.example ://", "https&#58;//x.example &#58;//"},
        {"://x", "&#58;//x"},
        {"WWW.x.example", "WWW&#46;x.example"},
        {"$x$", "&#36;x&#36;"},
    };
    for (const auto& [text, escaped] : hostile) EXPECT_EQ(markdown_plain(text), escaped) << text;
}

TEST(Markdown, a_block_is_left_by_its_fence_alone_and_begins_no_command) {
    EXPECT_EQ(markdown_block("a\n````\n<b>"), "`````text\na\n````\n<b>\n`````\n");
    EXPECT_EQ(markdown_block("::error::x\n ::y\na::b :c\n: d\n"),
              "```text\n:\u200b:error::x\n :\u200b:y\na::b :c\n: d\n```\n");
}

TEST(Markdown, what_differs_comes_first_then_silent_misses_then_all_by_case) {
    const std::string text = markdown(sample_run());
    std::size_t last = 0;
    for (const char* part :
         {"\n> [!CAUTION]", "\n### ⚠️ alpine", "\n### Silent misses", "\n| case |", "\n- 📌", "\n- ➖"}) {
        const std::size_t at = text.find(part);
        ASSERT_NE(at, std::string::npos) << part;
        EXPECT_GT(at, last) << part;
        last = at;
    }
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
    EXPECT_EQ(matrix.fields.at({"x", "i"}).silent_misses, 3);
    EXPECT_EQ(matrix.fields.at({"x", "i"}).alarming_misses, 1);
    EXPECT_EQ(matrix.fields.at({"selinux-stream-ports", "debian-12-apparmor"}).words, "skipped");
    cells.erase(cells.begin() + 2);
    EXPECT_EQ(matrix_of(cells).fields.at({"x", "i"}).words, "2 fixed");
}

}  // namespace
}  // namespace clamproof
