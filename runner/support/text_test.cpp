#include "support/text.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

TEST(TerminalText, KeepsWhatPeopleWrite) {
    EXPECT_EQ(terminal_text("clamd: für Ελλάδα 日本 🙂\n\tOK"),
              "clamd: für Ελλάδα 日本 🙂\n\tOK");
    EXPECT_EQ(terminal_text(""), "");
}

TEST(TerminalText, DisarmsControlSequences) {
    EXPECT_EQ(terminal_text("\x1b]0;owned\x07\x1b[2J"), "\\x1b]0;owned\\x07\\x1b[2J");
    EXPECT_EQ(terminal_text("all fine\rERROR"), "all fine\\x0dERROR");
    EXPECT_EQ(terminal_text(std::string_view("a\0b\x7f", 4)), "a\\x00b\\x7f");
    // U+009B is the one-character form of ESC [.
    EXPECT_EQ(terminal_text("\xc2\x9b"
                            "2J"),
              "\\x9b2J");
}

TEST(TerminalText, ShowsDirectionOverrides) {
    EXPECT_EQ(terminal_text("eicar\xe2\x80\xaetxt"), "eicar\\u202etxt");
}

TEST(TerminalText, ShowsBytesThatAreNoText) {
    EXPECT_EQ(terminal_text("a\xff\xfe z"), "a\\xff\\xfe z");
    EXPECT_EQ(terminal_text("cut \xe2\x82"), "cut \\xe2\\x82");
    EXPECT_EQ(terminal_text("\xc0\xaf overlong"), "\\xc0\\xaf overlong");
    EXPECT_EQ(terminal_text("\xed\xa0\x80 surrogate"), "\\xed\\xa0\\x80 surrogate");
    EXPECT_EQ(terminal_text("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(DocumentText, IsValidUtf8) {
    EXPECT_EQ(document_text("ä\xff€"), "ä\xef\xbf\xbd€");
    EXPECT_EQ(document_text("\xe2\x82"), "\xef\xbf\xbd") << "a sequence cut short is one broken character";
    EXPECT_EQ(document_text("\xe2\x82\xe2\x82\xac"), "\xef\xbf\xbd€");
    EXPECT_EQ(document_text("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(document_text("\xf0\x9f\x99\x82"), "🙂");
}

TEST(DocumentText, HoldsOnlyWhatXmlAllows) {
    EXPECT_EQ(document_text("a\r\n\tb\x1b[0m"), "a\r\n\tb\\x1b[0m");
    EXPECT_EQ(document_text(std::string_view("\0", 1)), "\\x00");
    EXPECT_EQ(document_text("\xef\xbf\xbf"), "\\uffff");
}

TEST(TakePrefix, TakesItOnce) {
    std::string_view text = "::::x";
    EXPECT_TRUE(take_prefix(text, "::"));
    EXPECT_EQ(text, "::x");
    EXPECT_FALSE(take_prefix(text, "x"));
    EXPECT_FALSE(take_prefix(text, "::xy"));
    EXPECT_EQ(text, "::x");
}

TEST(Closest, FindsTheSlip) {
    EXPECT_EQ(closest("lsn", {"init", "lsm", "clamd"}), "lsm");
    EXPECT_EQ(closest("fixs", {"title", "fixes"}), "fixes");
    EXPECT_EQ(closest("tirgger", {"probe", "trigger"}), "trigger");
    EXPECT_EQ(closest("LSM", {"lsm"}), "lsm");
    EXPECT_EQ(closest("crn", {"cron", "corn"}), "cron") << "the first of equals";
}

TEST(Closest, SaysNothingWhereNothingIsClose) {
    EXPECT_EQ(closest("zebra", {"init", "lsm", "clamd"}), std::nullopt);
    EXPECT_EQ(closest("x", {"y"}), std::nullopt);
    EXPECT_EQ(closest("", {"a"}), std::nullopt);
    EXPECT_EQ(closest("lsm", {}), std::nullopt);
}

TEST(UnknownWord, NamesWhatThereIs) {
    EXPECT_EQ(unknown_word("key", "fixs", {"id", "fixes"}),
              "unknown key \"fixs\"; expected one of: id, fixes (did you mean \"fixes\"?)");
    EXPECT_EQ(unknown_word("key", "zebra", {"id"}), "unknown key \"zebra\"; expected one of: id");
    EXPECT_EQ(unknown_word("key", "zebra", {}), "unknown key \"zebra\"; there are none");
}

TEST(LinesOf, AreThoseThatHoldSomething) {
    using Lines = std::vector<std::string>;
    EXPECT_EQ(lines_of(""), Lines{});
    EXPECT_EQ(lines_of("\n\n"), Lines{});
    EXPECT_EQ(lines_of("one"), Lines{"one"});
    EXPECT_EQ(lines_of("one\n"), Lines{"one"});
    EXPECT_EQ(lines_of("\none\n\n two \nthree"), (Lines{"one", " two ", "three"}));
}

TEST(Counted, KnowsThePlural) {
    EXPECT_EQ(counted(0, "cell"), "0 cells");
    EXPECT_EQ(counted(1, "cell"), "1 cell");
    EXPECT_EQ(counted(2, "cell"), "2 cells");
}

}  // namespace

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

namespace {

using Names = std::vector<std::string>;

const Names images = {"debian-11-selinux", "debian-12-apparmor", "debian-12-selinux"};

TEST(MatchGlob, IsAShellPattern) {
    EXPECT_TRUE(match_glob("debian-*", "debian-12-selinux"));
    EXPECT_TRUE(match_glob("debian-1[12]-selinux", "debian-11-selinux"));
    EXPECT_TRUE(match_glob("debian-1?-selinux", "debian-12-selinux"));
    EXPECT_FALSE(match_glob("debian", "debian-12-selinux"));
    EXPECT_FALSE(match_glob("*selinux", "debian-12-apparmor"));
}

TEST(SelectByGlobs, KeepsTheOrderOfTheNames) {
    EXPECT_EQ(select_by_globs({}, images, "image"), images);
    EXPECT_EQ(select_by_globs({"*-12-*", "debian-11-selinux", "*-12-*"}, images, "image"), images);
    EXPECT_EQ(select_by_globs({"*selinux"}, images, "image"), (Names{images[0], images[2]}));
}

TEST(SelectByGlobs, RejectsAPatternThatMatchesNothing) {
    try {
        select_by_globs({"*", "debian-12-selnux"}, images, "image");
        FAIL() << "the second pattern matches nothing";
    } catch (const InputError& error) {
        EXPECT_STREQ(
            error.what(),
            "no image matches \"debian-12-selnux\"; there are: debian-11-selinux, debian-12-apparmor, "
            "debian-12-selinux (did you mean \"debian-12-selinux\"?)");
    }
    EXPECT_THROW(select_by_globs({"*"}, {}, "image"), InputError);
}

}  // namespace

}  // namespace clamproof
