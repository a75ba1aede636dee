#include "casefile/pattern.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

TEST(Pattern, SearchesTheText) {
    const Pattern pattern("Can't find any free port|accept\\(\\) (ERROR|failed)");
    EXPECT_TRUE(pattern.found_in("PORT 1088\naccept() ERROR\n"));
    EXPECT_TRUE(pattern.found_in("Can't find any free port. ERROR"));
    EXPECT_FALSE(pattern.found_in("stream: OK"));
    EXPECT_FALSE(pattern.found_in(""));
    EXPECT_EQ(pattern.text(), "Can't find any free port|accept\\(\\) (ERROR|failed)");
}

TEST(Pattern, AnchorsAtLines) {
    const Pattern pattern("^ERROR: .*port\\.$");
    EXPECT_TRUE(pattern.found_in("fine\nERROR: no free port.\nmore\n"));
    EXPECT_FALSE(pattern.found_in("an ERROR: no free port.\n"));
    EXPECT_FALSE(Pattern("ERROR.*port").found_in("ERROR\nport")) << "a dot is no line end";
    EXPECT_FALSE(Pattern("ERROR[^x]*port").found_in("ERROR\nport")) << "nor is anything else";
    EXPECT_TRUE(Pattern("^$").found_in("one\n\ntwo"));
}

TEST(Pattern, TakesAnyBytes) {
    EXPECT_TRUE(Pattern("OK").found_in(std::string_view("\0\xff\xfe OK", 6)));
}

TEST(Pattern, SurvivesALongLine) {
    const std::string line(100'000, 'x');
    EXPECT_TRUE(Pattern("x.*END").found_in(line + "END"));
    EXPECT_TRUE(Pattern("^(x|y)*$").found_in(line));
}

TEST(Pattern, TakesTimeInProportionToTheText) {
    // A backtracking search tries every way to split the line, and would not come back.
    const std::string line(1 << 20, 'a');
    EXPECT_FALSE(Pattern("(a+)+b").found_in(line));
    EXPECT_FALSE(Pattern("(a|aa)+$b").found_in(line));
    EXPECT_FALSE(Pattern("ScanStream.*(Can't find any free port|accept\\(\\) failed)").found_in(line));
}

TEST(Pattern, RejectsWhatDoesNotCompile) {
    EXPECT_THROW(Pattern("accept("), InputError);
    EXPECT_THROW(Pattern("[a-"), InputError);
    EXPECT_THROW(Pattern("*"), InputError);
    try {
        const Pattern pattern("(a)\\1");
        FAIL();
    } catch (const InputError& error) {
        EXPECT_STREQ(error.what(),
                     "\"(a)\\1\" is no regular expression: invalid escape sequence: \\1; "
                     "back-references and look-around are not supported");
    }
}

}  // namespace
}  // namespace clamproof
