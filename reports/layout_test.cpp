#include "reports/layout.h"

#include <gtest/gtest.h>

#include <limits>

#include "reports/sample_test.h"

namespace clamproof {
namespace {

TEST(Layout, one_line_takes_line_ends_and_controls_away) {
    EXPECT_EQ(one_line("a\nb\tc\r\n"), "a b c");
    EXPECT_EQ(one_line("\x1b[31mred"), "\\x1b[31mred");
    for (const char c : one_line(hostile_text())) EXPECT_FALSE(c >= 0 && c < ' ');
}

TEST(Layout, one_line_cuts_and_says_so) {
    EXPECT_EQ(one_line("12345", 5), "12345");
    EXPECT_EQ(one_line(std::string(1'000'000, 'x'), 5), "xxxxx… [1000000 bytes in all]");
    EXPECT_EQ(one_line("1234\xE2\x82\xAC", 5), "1234… [7 bytes in all]");
    EXPECT_EQ(one_line("1234\xE2\x82\xAC.", 6), "1234… [8 bytes in all]");
}

TEST(Layout, columns_are_characters_and_wide_ones_count_twice) {
    EXPECT_EQ(columns(""), 0U);
    EXPECT_EQ(columns("abc"), 3U);
    EXPECT_EQ(columns("Zoë → …"), 7U);
    EXPECT_EQ(columns("日本"), 4U);
    EXPECT_EQ(columns("\xF0\x9F\x98\x80"), 2U);
}

TEST(Layout, fit_never_takes_more_than_it_may) {
    EXPECT_EQ(fit("abcdef", 6), "abcdef");
    EXPECT_EQ(fit("abcdef", 5), "abcd…");
    EXPECT_EQ(fit("日本語", 4), "日…");
    EXPECT_EQ(fit("日本語", 5), "日本…");
    EXPECT_EQ(fit("abc", 1), "…");
    EXPECT_EQ(fit("abc", 0), "");
}

TEST(Layout, pad_fills_up) {
    EXPECT_EQ(pad("ab", 4), "ab  ");
    EXPECT_EQ(pad("日", 4), "日  ");
    EXPECT_EQ(pad("abcdef", 4), "abcdef");
}

TEST(Layout, paint_only_where_asked) {
    EXPECT_EQ(paint("FAIL", "31", Colour::Never), "FAIL");
    EXPECT_EQ(paint("FAIL", "31", Colour::Always), "\x1b[31mFAIL\x1b[0m");
    EXPECT_EQ(paint("FAIL", "", Colour::Always), "FAIL");
}

TEST(Layout, durations_read_well) {
    EXPECT_EQ(duration(0), "0.0 s");
    EXPECT_EQ(duration(4.24), "4.2 s");
    EXPECT_EQ(duration(59.94), "59.9 s");
    EXPECT_EQ(duration(59.96), "1 min 00 s");
    EXPECT_EQ(duration(200), "3 min 20 s");
    EXPECT_EQ(duration(3720), "1 h 02 min");
    EXPECT_EQ(duration(-1), "0.0 s");
    EXPECT_EQ(duration(std::numeric_limits<double>::quiet_NaN()), "0.0 s");
    EXPECT_EQ(duration(1e300), "277777 h 46 min");
}

}  // namespace
}  // namespace clamproof
