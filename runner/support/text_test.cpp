#include "support/text.h"

#include <gtest/gtest.h>

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
}  // namespace clamproof
