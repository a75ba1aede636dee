#include "proof/notes.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(ReadNotes, SplitsMarkersFromWhatPeopleSee) {
    const Notes notes = read_notes(
        "scanning\n"
        "::scan method=path infected=yes outcome=found file=/srv/app/infected\n"
        "/srv/app/infected: Test.EICAR FOUND\n"
        "::because STREAM left clamd in 0.104.0\n"
        "::side-effect openvpn_port_t lost 1194\n"
        "::side-effect mssql_port_t lost 1433\n"
        "done");
    EXPECT_EQ(notes.visible, "scanning\n/srv/app/infected: Test.EICAR FOUND\ndone");
    ASSERT_EQ(notes.scans.size(), 1U);
    EXPECT_EQ(notes.scans[0].method, "path");
    EXPECT_EQ(notes.scans[0].file, "/srv/app/infected");
    EXPECT_TRUE(notes.scans[0].infected);
    EXPECT_EQ(notes.scans[0].outcome, "found");
    EXPECT_EQ(notes.because, (std::vector<std::string>{"STREAM left clamd in 0.104.0"}));
    EXPECT_EQ(notes.side_effects,
              (std::vector<std::string>{"openvpn_port_t lost 1194", "mssql_port_t lost 1433"}));
}

TEST(ReadNotes, TakesEveryKindOfScan) {
    const Notes notes = read_notes(
        "::scan method=fdpass infected=no outcome=clean file=/a b=c\n"
        "::scan outcome=error method=STREAM infected=yes file=/x\n"
        "::scan method=on-access_2 infected=no outcome=clean file=/z\n"
        "::scan method=stream infected=yes outcome=clean file=/y");
    EXPECT_EQ(notes.visible, "");
    ASSERT_EQ(notes.scans.size(), 4U);
    EXPECT_EQ(notes.scans[0].file, "/a b=c");
    EXPECT_FALSE(notes.scans[0].infected);
    EXPECT_EQ(notes.scans[1].method, "STREAM");
    EXPECT_EQ(notes.scans[1].outcome, "error");
    EXPECT_EQ(notes.scans[2].method, "on-access_2") << "how a case scans is its own business";
    EXPECT_TRUE(notes.scans[3].silent_miss()) << "a last line without its newline counts";
}

TEST(ReadNotes, ShowsWhatIsNoMarker) {
    for (const std::string line : {
             "::scan method=path infected=yes outcome=found\n",
             "::scan method=path infected=yes outcome=found file=\n",
             "::scan method= infected=yes outcome=found file=/x\n",
             "::scan method=by/path infected=yes outcome=found file=/x\n",
             "::scan method=path infected=maybe outcome=found file=/x\n",
             "::scan method=path infected=yes outcome=lost file=/x\n",
             "::scan method=path method=path infected=yes outcome=found file=/x\n",
             "::scan method=path infected=yes outcome=found more=1 file=/x\n",
             "::scan method=path infected=yes outcome=found stray file=/x\n",
             "::scan method=path  infected=yes outcome=found file=/x\n",
             "::scan \n",
             "::scan",
             "::scanned /x\n",
             "::because\n",
             "::because  \n",
             "::side-effect \n",
             "::unknown word\n",
             " ::because indented\n",
             "a ::because within\n",
             "::Because capital\n",
         }) {
        const Notes notes = read_notes(line);
        EXPECT_EQ(notes.visible, line);
        EXPECT_TRUE(notes.scans.empty() && notes.because.empty() && notes.side_effects.empty()) << line;
    }
}

TEST(ReadNotes, KeepsEveryByte) {
    const std::string bytes = std::string("\0\xff\r\n\n\n::", 8) + std::string(1'000'000, 'x');
    EXPECT_EQ(read_notes(bytes).visible, bytes);
    EXPECT_EQ(read_notes("").visible, "");
    EXPECT_EQ(read_notes("\n").visible, "\n");
}

}  // namespace
}  // namespace clamproof
