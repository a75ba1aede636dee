#include "support/utf8.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(Shortened, leaves_what_fits_alone) {
    const std::string text(100, 'x');
    EXPECT_EQ(shortened(text, 100), text);
    EXPECT_EQ(shortened("", 100), "");
}

TEST(Shortened, keeps_both_ends_and_says_how_much_is_missing) {
    const std::string text = "first" + std::string(1'000'000, 'x') + "last";
    const std::string cut = shortened(text, 1000);
    EXPECT_LE(cut.size(), 1000U);
    EXPECT_EQ(cut.substr(0, 6), "firstx");
    EXPECT_EQ(cut.substr(cut.size() - 5), "xlast");

    const std::size_t start = cut.find("\n[... ");
    const std::size_t end = cut.find(" bytes cut here ...]\n");
    ASSERT_NE(start, std::string::npos);
    ASSERT_NE(end, std::string::npos);
    const std::size_t told = std::stoul(cut.substr(start + 6, end - start - 6));
    const std::size_t kept = start + (cut.size() - end - std::string(" bytes cut here ...]\n").size());
    EXPECT_EQ(told + kept, text.size());
}

TEST(Shortened, cutting_twice_changes_nothing) {
    const std::string once = shortened(std::string(5000, 'x'), 500);
    EXPECT_EQ(shortened(once, 500), once);
}

TEST(Shortened, cuts_between_characters) {
    std::string euros;
    for (int i = 0; i < 1000; ++i) euros += "\xE2\x82\xAC";
    for (std::size_t limit = 100; limit < 106; ++limit) {
        const std::string cut = shortened(euros, limit);
        const std::size_t start = cut.find('\n');
        const std::size_t end = cut.rfind('\n');
        EXPECT_EQ(start % 3, 0U) << limit;
        EXPECT_EQ((cut.size() - end - 1) % 3, 0U) << limit;
        EXPECT_EQ(cut[end + 1], '\xE2') << limit;
    }
}

TEST(Shortened, copes_with_bytes_that_are_no_text) {
    const std::string junk(10'000, '\x80');
    EXPECT_LE(shortened(junk, 200).size(), 200U);
}

}  // namespace
}  // namespace clamproof
