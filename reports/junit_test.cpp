#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <string_view>

#include "reports/golden_test.h"
#include "reports/reports.h"
#include "reports/sample_test.h"

namespace clamproof {
namespace {

TEST(Junit, golden) {
    expect_golden("junit.xml", junit(sample_run()));
}

/// The report read back.
class JunitReport {
  public:
    explicit JunitReport(const RunResults& run)
        : text(junit(run)), parsed(document.load_string(text.c_str())) {}

    pugi::xml_node find(const char* path) const { return document.select_node(path).node(); }
    std::size_t count(const char* path) const { return document.select_nodes(path).size(); }

    std::string text;
    pugi::xml_document document;
    bool parsed;
};

TEST(Junit, counts_agree_with_what_is_there) {
    const JunitReport report(sample_run());
    ASSERT_TRUE(report.parsed);
    EXPECT_EQ(report.count("//testsuite"), 3U);
    EXPECT_EQ(report.count("//testcase"), 9U);
    EXPECT_EQ(report.count("//failure"), 3U);
    EXPECT_EQ(report.count("//error"), 1U);
    EXPECT_EQ(report.count("//skipped"), 4U);
    const pugi::xml_node root = report.document.child("testsuites");
    EXPECT_EQ(root.attribute("tests").as_int(), 9);
    EXPECT_EQ(root.attribute("failures").as_int(), 3);
    EXPECT_EQ(root.attribute("errors").as_int(), 1);
    for (const char* name : {"tests", "failures", "errors"}) {
        int all = 0;
        for (const pugi::xml_node suite : root.children("testsuite")) all += suite.attribute(name).as_int();
        EXPECT_EQ(all, root.attribute(name).as_int()) << name;
    }
    int skipped = 0;
    for (const pugi::xml_node suite : root.children("testsuite"))
        skipped += suite.attribute("skipped").as_int();
    EXPECT_EQ(skipped, 4);
}

TEST(Junit, a_failure_says_what_was_claimed_and_seen_and_how_to_run_it_again) {
    const JunitReport report(sample_run());
    const pugi::xml_node failure =
        report.find("//testcase[@classname='debian-12-selinux.selinux-stream-ports']/failure");
    EXPECT_EQ(std::string_view(failure.attribute("type").value()), "fix-failed");
    const std::string text = failure.child_value();
    EXPECT_NE(text.find("claimed: The probe passes after a reboot.\n"), std::string::npos);
    EXPECT_NE(text.find("seen: the probe failed again"), std::string::npos);
    EXPECT_NE(text.find("after 60 s"), std::string::npos);
    EXPECT_NE(text.find("look: clamproof shell"), std::string::npos);
    EXPECT_NE(text.find("again: clamproof run"), std::string::npos);
}

TEST(Junit, a_silent_miss_shows_in_a_cell_that_passed) {
    RunResults run = sample_run();
    run.results = {sample_failed_cell()};
    run.results[0].outcome = Outcome::Pass;
    const JunitReport report(run);
    EXPECT_NE(std::string(report.find("//system-out").child_value()).find("/tmp/eicar by stream"),
              std::string::npos);
    EXPECT_EQ(report.count("//failure"), 0U);
}

TEST(Junit, guest_text_cannot_break_it) {
    RunResults run = sample_run();
    run.results = {hostile_cell()};
    run.images[0].name = run.results[0].image;
    run.images[0].facts = {{hostile_text(), hostile_text()}};
    const JunitReport report(run);
    ASSERT_TRUE(report.parsed);
    EXPECT_EQ(report.count("//testcase"), 1U);
    EXPECT_EQ(report.count("//b"), 0U);
    // XML 1.0 has no word for these at all, escaped or not.
    for (const char c : report.text) EXPECT_FALSE(c >= 0 && c < ' ' && c != '\n' && c != '\t' && c != '\r');
    EXPECT_EQ(report.text.find("&#27;"), std::string::npos);
    EXPECT_EQ(report.text.find("&#0;"), std::string::npos);
    EXPECT_EQ(report.text.find("\xff"), std::string::npos);
    EXPECT_LT(report.text.size(), 50'000U);
    EXPECT_NE(std::string(report.find("//failure").child_value()).find("]]> <b a=\"1\">&amp;"),
              std::string::npos);
}

TEST(Junit, a_hundred_cells) {
    const JunitReport report(big_run(100));
    ASSERT_TRUE(report.parsed);
    EXPECT_EQ(report.count("//testcase"), 100U);
}

}  // namespace
}  // namespace clamproof
