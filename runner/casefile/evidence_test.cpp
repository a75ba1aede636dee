#include "casefile/evidence.h"

#include <gtest/gtest.h>

#include "casefile/case_test_folder.h"

namespace clamproof {
namespace {

class ReadEvidence : public testing::Test {
  protected:
    Evidence read(std::string_view json) const {
        return read_evidence(parse_json(json, "case.json"),
                             {shipped_facts(), {{"session", {"cron", "login"}}}}, folder_);
    }

    std::string complaint(std::string_view json) const {
        try {
            read(json);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    }

    CaseTestFolder cases_;
    fs::path folder_ = cases_.add("a-case");
};

TEST_F(ReadEvidence, OfADenial) {
    const Evidence ports = read(R"({
        "when": { "session": "cron" },
        "denial": { "lsm": "selinux", "comm": "clamd", "class": "tcp_socket", "permission": "name_bind",
                    "source": "clamd_t", "target": "unreserved_port_t", "port": "1505", "at_least": 900 } })");
    EXPECT_EQ(ports.kind, Evidence::Kind::Denial);
    EXPECT_EQ(ports.denial.lsm, "selinux");
    EXPECT_EQ(ports.denial.object, "tcp_socket");
    EXPECT_EQ(ports.denial.port, 1505);
    EXPECT_EQ(ports.denial.path, std::nullopt);
    EXPECT_EQ(ports.at_least, 900);
    EXPECT_TRUE(ports.when.holds({}, {{"session", "cron"}}));
    EXPECT_FALSE(ports.when.holds({}, {{"session", "login"}}));
    EXPECT_EQ(ports.text(),
              "denial lsm=selinux comm=clamd class=tcp_socket permission=name_bind source=clamd_t "
              "target=unreserved_port_t port=1505, at least 900 times");
    EXPECT_EQ(read(R"({ "denial": { "comm": "clamd" } })").text(), "denial comm=clamd");
}

TEST_F(ReadEvidence, OfNoDenial) {
    const Evidence quiet = read(R"({ "no_denial": { "path": "/srv/x" } })");
    EXPECT_EQ(quiet.kind, Evidence::Kind::NoDenial);
    EXPECT_EQ(quiet.text(), "no denial path=/srv/x");
    EXPECT_EQ(read(R"({ "no_denial": {} })").text(), "no denial");
}

TEST_F(ReadEvidence, OfWhatAScriptShows) {
    const Evidence shown = read(R"({ "shows": { "script": "evidence.sh", "output": "TMPDIR=.*user" } })");
    EXPECT_EQ(shown.kind, Evidence::Kind::Shows);
    EXPECT_EQ(shown.script, "evidence.sh");
    EXPECT_TRUE(shown.output->found_in("TMPDIR=/tmp/user/0"));
    EXPECT_EQ(shown.text(), "evidence.sh shows /TMPDIR=.*user/");
}

TEST_F(ReadEvidence, IsOneThing) {
    const std::string message =
        "case.json:1:1: a piece of evidence has one of \"denial\", \"no_denial\" and \"shows\"";
    EXPECT_EQ(complaint("{}"), message);
    EXPECT_EQ(complaint(R"({ "no_denial": {}, "denial": { "comm": "x" } })"), message);
    EXPECT_EQ(complaint(R"({ "denail": {} })"),
              "case.json:1:3: unknown key \"denail\"; expected one of: when, denial, no_denial, shows (did "
              "you mean "
              "\"denial\"?)");
}

TEST_F(ReadEvidence, SaysSomething) {
    EXPECT_EQ(complaint(R"({ "denial": {} })"), "case.json:1:13: \"denial\" says nothing of the record");
    EXPECT_EQ(complaint(R"({ "denial": { "at_least": 2 } })"),
              "case.json:1:13: \"denial\" says nothing of the record");
}

TEST_F(ReadEvidence, RejectsValuesThatCannotBe) {
    for (const char* port : {"15x05", "0", "65536", "-1", "1505 "})
        EXPECT_NE(complaint(std::string(R"({ "denial": { "port": ")") + port + "\" } }").find("is no port"),
                  std::string::npos)
            << port;
    EXPECT_NE(complaint(R"({ "denial": { "comm": "x", "at_least": 0 } })").find("must be from 1"),
              std::string::npos);
    EXPECT_NE(complaint(R"({ "no_denial": { "at_least": 2 } })").find("unknown key"), std::string::npos);
    EXPECT_NE(complaint(R"({ "denial": { "lsm": "selnux" } })").find("did you mean \"selinux\""),
              std::string::npos);
    EXPECT_NE(complaint(R"({ "denial": { "lsm": "apparmor", "target": "x" } })").find("no target"),
              std::string::npos);
    EXPECT_NE(complaint(R"({ "shows": { "script": "evidence.sh", "output": "[" } })")
                  .find("1:49: \"[\" is no regular"),
              std::string::npos);
    EXPECT_NE(complaint(R"({ "shows": { "script": "evidnce.sh", "output": "x" } })")
                  .find("did you mean \"evidence.sh\""),
              std::string::npos);
}

}  // namespace
}  // namespace clamproof
