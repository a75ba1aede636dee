#include "casefile/when.h"

#include <gtest/gtest.h>

#include "casefile/case_test_folder.h"
#include "support/files.h"

namespace clamproof {
namespace {

const Matrix sessions = {{"session", {"cron", "login"}}, {"launcher", {"initscript", "puppet"}}};

When when(std::string_view text) {
    return read_when(parse_json(text, "case.json"), {shipped_facts(), sessions});
}

std::string complaint(std::string_view text) {
    try {
        when(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(CompareVersions, ComparesNumbers) {
    EXPECT_GT(compare_versions("1.4.6", "1.4"), 0);
    EXPECT_GT(compare_versions("0.103.10", "0.103.9"), 0);
    EXPECT_LT(compare_versions("0.103.10", "0.104"), 0);
    EXPECT_LT(compare_versions("0.104", "1.0"), 0);
    EXPECT_GT(compare_versions("10", "9.9.9"), 0);
    EXPECT_EQ(compare_versions("1.4", "1.4.0"), 0);
    EXPECT_EQ(compare_versions("1.04", "1.4"), 0);
    EXPECT_LT(compare_versions("0.09", "0.11"), 0);
    EXPECT_EQ(compare_versions("", "0"), 0);
}

TEST(CompareVersions, DoesNotCountWhatFollowsTheNumbers) {
    EXPECT_EQ(compare_versions("0.103.10+dfsg-0+deb11u1", "0.103.10"), 0);
    EXPECT_EQ(compare_versions("1.9.13p3", "1.9.13"), 0);
    EXPECT_EQ(compare_versions("1.4.", "1.4"), 0);
    EXPECT_EQ(compare_versions("6.1.0-28-cloud-amd64", "6.1"), 0);
}

TEST(CompareVersions, HasNoLargestNumber) {
    EXPECT_GT(compare_versions("20241120123456789012345", "20241120123456789012344"), 0);
    EXPECT_GT(compare_versions("100000000000000000000000", "99999999999999999999999"), 0);
}

TEST(When, MatchesFactsAndVariants) {
    const When both = when(R"({ "lsm": "selinux", "session": "cron" })");
    EXPECT_TRUE(both.holds({{"lsm", "selinux"}}, {{"session", "cron"}}));
    EXPECT_FALSE(both.holds({{"lsm", "selinux"}}, {{"session", "login"}}));
    EXPECT_FALSE(both.holds({{"lsm", "apparmor"}}, {{"session", "cron"}}));
    EXPECT_TRUE(when("{}").holds({}, {}));
    EXPECT_TRUE(when("{}").empty());
    EXPECT_FALSE(both.empty());
}

TEST(When, MatchesAnyOfAList) {
    const When either = when(R"({ "init": ["systemd", "sysvinit"], "clamd": ["0.103.10", ">=1.5"] })");
    EXPECT_TRUE(either.holds({{"init", "sysvinit"}, {"clamd", "0.103.10"}}, {}));
    EXPECT_TRUE(either.holds({{"init", "systemd"}, {"clamd", "1.5.3"}}, {}));
    EXPECT_FALSE(either.holds({{"init", "systemd"}, {"clamd", "1.4.6"}}, {}));
}

TEST(When, MatchesVersionConstraints) {
    const When range = when(R"({ "clamd": ">=1.0 <1.5" })");
    EXPECT_TRUE(range.holds({{"clamd", "1.0"}}, {}));
    EXPECT_TRUE(range.holds({{"clamd", "1.4.6"}}, {}));
    EXPECT_FALSE(range.holds({{"clamd", "1.5.0"}}, {}));
    EXPECT_FALSE(range.holds({{"clamd", "0.103.10"}}, {}));
    EXPECT_TRUE(when(R"({ "clamd": "<=1.4" })").holds({{"clamd", "1.4.0"}}, {}));
    EXPECT_FALSE(when(R"({ "clamd": "<=1.4" })").holds({{"clamd", "1.4.6"}}, {}));
    EXPECT_TRUE(when(R"({ "clamd": ">1.4" })").holds({{"clamd", "1.4.6"}}, {}));
}

TEST(When, NeverMatchesWhatIsNotTold) {
    EXPECT_FALSE(when(R"({ "lsm": "none" })").holds({}, {}));
    EXPECT_FALSE(when(R"({ "clamd": "<1" })").holds({}, {}));
    EXPECT_FALSE(when(R"({ "session": "cron" })").holds({}, {}));
}

TEST(When, DoesNotTakeAWordForAVersion) {
    EXPECT_FALSE(when(R"({ "puppet": "<99" })").holds({{"puppet", "none"}}, {}));
    EXPECT_FALSE(when(R"({ "puppet": ">=0" })").holds({{"puppet", ""}}, {}));
    EXPECT_TRUE(when(R"({ "puppet": "none" })").holds({{"puppet", "none"}}, {}));
}

TEST(When, TellsWhatIsNotMet) {
    const auto unmet = when(R"({ "lsm": ["selinux", "apparmor"] })").unmet({{"lsm", "none"}}, {});
    ASSERT_TRUE(unmet);
    EXPECT_EQ(unmet->wanted, "lsm selinux or apparmor");
    EXPECT_EQ(unmet->found, "lsm none");
    EXPECT_EQ(when(R"({ "clamd": "<0.104" })").unmet({}, {})->found, "no clamd");
}

TEST(ReadWhen, RejectsAnUnknownKey) {
    EXPECT_EQ(complaint("{ \"lsm\": \"selinux\",\n  \"lsn\": \"selinux\" }"),
              "case.json:2:3: unknown fact or variant \"lsn\"; expected one of: kind, archive, lsm, init, "
              "clamd, distro, release, kernel, puppet, pam_tmpdir, sudo, systemd, auditd, stream, "
              "selinux_policy, socket_unit, failed_units, "
              "launcher, session (did you mean \"lsm\"?)");
    EXPECT_THROW(read_when(parse_json(R"({ "session": "cron" })", "x"), {shipped_facts(), {}}), InputError)
        << "a variant of another case";
}

TEST(ReadWhen, RejectsAValueThatCannotBe) {
    EXPECT_EQ(
        complaint(R"({ "lsm": "selnux" })"),
        "case.json:1:10: unknown lsm \"selnux\"; expected one of: selinux, apparmor, none (did you mean "
        "\"selinux\"?)");
    EXPECT_NE(complaint(R"({ "session": ["cron", "sudo"] })").find("1:23: unknown session \"sudo\""),
              std::string::npos);
    EXPECT_NE(complaint(R"({ "stream": true })"), "");
    EXPECT_NE(complaint(R"({ "init": [] })"), "");
    EXPECT_NE(complaint(R"({ "distro": "" })"), "");
    EXPECT_NE(complaint(R"("selinux")"), "");
}

TEST(ReadWhen, RejectsABrokenConstraint) {
    for (const char* text :
         {"<", "< 1.4", "<one", "=1.4", "==1.4", "<>1.4", ">=1.0 1.5", "<1..4", "<1.4.", "<.4"}) {
        const std::string message = complaint(std::string("{ \"clamd\": \"") + text + "\" }");
        EXPECT_NE(message.find("case.json:1:12: "), std::string::npos) << text;
        EXPECT_NE(message.find("is no version constraint"), std::string::npos) << text;
    }
    EXPECT_NE(complaint(R"({ "distro": "<12" })").find("is no version"), std::string::npos);
}

}  // namespace
}  // namespace clamproof
