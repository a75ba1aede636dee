#include "casefile/facts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "casefile/case.h"
#include "casefile/case_test_folder.h"
#include "guest/local_guest_test.h"
#include "image/settle.h"

namespace clamproof {
namespace {

class FactsTest : public testing::Test {
  protected:
    /// A minimal case that brings facts and has a `when` in its expectation.
    static std::string bringing(const std::string& facts, const std::string& when = "{}") {
        return with(with(minimal_case, "\"title\"", "\"facts\": " + facts + ", \"title\""), "{ \"verdict\"",
                    "{ \"when\": " + when + ", \"verdict\"");
    }

    Case load(const std::string& json) const {
        return load_case(folder_.add("a-case", json), shipped_facts());
    }

    std::string case_complaint(const std::string& json) const {
        try {
            load(json);
        } catch (const InputError& error) {
            const std::string message = error.what();
            return message.substr(std::min(message.find("case.json"), message.size()));
        }
        return "";
    }

    std::string table_complaint(const std::string& json) const {
        write_file(folder_.path() / facts_file, json);
        try {
            load_facts(folder_.path());
        } catch (const InputError& error) {
            const std::string message = error.what();
            return message.substr(std::min(message.find("facts.json"), message.size()));
        }
        return "";
    }

    CaseTestFolder folder_;
};

TEST_F(FactsTest, AreTheOnesThatGuestsTell) {
    const std::string script = read_file(CLAMPROOF_SOURCE_DIR "/images/files/base/usr/lib/clamproof/facts");
    EXPECT_FALSE(shipped_facts().empty());
    for (const Fact& fact : shipped_facts()) {
        if (fact.name == "kind" || fact.name == "archive") continue;  // told by the definition
        EXPECT_NE(script.find("\"" + fact.name + "=$"), std::string::npos) << fact.name;
    }
}

// As sid's os-release is.
TEST_F(FactsTest, WhatAGuestCannotTellIsAbsent) {
    LocalGuest guest;
    guest.write_command("/usr/lib/clamproof/facts",
                        read_file(CLAMPROOF_SOURCE_DIR "/images/files/base/usr/lib/clamproof/facts"));
    guest.write_command("/usr/lib/clamproof/state", "echo lsm=none\n");
    guest.write("/proc/sys/kernel/osrelease", "6.1.0\n");
    guest.write_command("nc", "echo 'ClamAV 1.4.3/27000| COMMANDS: SCAN RELOAD'\n");
    const auto told = [&](const std::string& os_release) {
        guest.write("/etc/os-release", os_release);
        const ScriptResult result = guest.run({.text = "exec /usr/lib/clamproof/facts"});
        EXPECT_EQ(result.exit, 0) << result.err.raw();
        return parse_pairs(result.out.raw());
    };
    auto facts = told("ID=debian\nVERSION_ID=\"13\"\n");
    EXPECT_EQ(facts["release"], "13");
    EXPECT_EQ(facts["clamd"], "1.4.3");
    facts = told("ID=debian\n");
    EXPECT_FALSE(facts.contains("release"));
    EXPECT_EQ(facts["distro"], "debian");
    EXPECT_EQ(facts["clamd"], "1.4.3") << "the rest is told all the same";
}

TEST_F(FactsTest, OfSeveralTablesAreOneAndNoNameIsThereTwice) {
    const CaseTestFolder none, own;
    Folders folders(folder_.path());
    for (const auto* other : {&none, &own}) folders.add(other->path());
    EXPECT_EQ(table_complaint(R"({ "lsm": { "tells": "x" } })"), "");
    write_file(own.path() / facts_file, R"({ "rack": { "tells": "y" } })");
    const auto facts = load_facts(folders);
    ASSERT_EQ(facts.size(), 2U);
    EXPECT_EQ(facts[1].name, "rack");
    write_file(own.path() / facts_file, R"({ "lsm": { "tells": "y" } })");
    EXPECT_THROW(load_facts(folders), InputError);
}

TEST_F(FactsTest, TellTheirPlaceWhereTheTableIsWrong) {
    EXPECT_EQ(table_complaint(R"({ "a": { "tells": "x" }, "b": { "tells": "y", "is": "version" } })"), "");
    EXPECT_EQ(
        table_complaint("{ \"a\": { \"tells\": \"x\",\n \"iz\": \"word\" } }"),
        "facts.json:2:2: unknown key \"iz\"; expected one of: tells, is, values (did you mean \"is\"?)");
    EXPECT_EQ(table_complaint(R"({ "a": { "is": "word" } })"),
              "facts.json:1:8: the key \"tells\" is missing");
    EXPECT_EQ(
        table_complaint(R"({ "a-b": { "tells": "x" } })").find("facts.json:1:3: the fact \"a-b\" needs"), 0U);
    EXPECT_NE(table_complaint(R"({ "": { "tells": "x" } })"), "");
    EXPECT_EQ(table_complaint(R"({ "a": { "tells": "x", "is": "number" } })").find("facts.json:1:30: "), 0U);
    EXPECT_NE(table_complaint(R"({ "a": { "tells": "x", "is": "version", "values": ["1"] } })")
                  .find("a version has no list of values"),
              std::string::npos);
    EXPECT_NE(table_complaint(R"({ "a": { "tells": "x", "values": [] } })").find("lists no value"),
              std::string::npos);
    EXPECT_NE(table_complaint(R"({ "a": { "tells": "x", "values": ["y", "y"] } })").find("second time"),
              std::string::npos);
    EXPECT_NE(table_complaint(R"({ "a": { "tells": "x", "values": ["A b"] } })").find("cannot be a value"),
              std::string::npos);
    EXPECT_NE(
        table_complaint(R"({ "a": { "tells": "x", "script": "y.sh" } })").find("unknown key \"script\""),
        std::string::npos)
        << "guests tell these of themselves";
    EXPECT_NE(table_complaint("[]"), "");
}

TEST_F(FactsTest, ACaseMayBringAFactOfItsOwn) {
    const Case one = load(bringing(
        R"({ "shell": { "tells": "sh", "values": ["dash", "bash"], "script": "evidence.sh" },
             "libc": { "tells": "libc", "is": "version", "script": "probe.sh" } })",
        R"({ "shell": "dash", "libc": ">=2.30", "lsm": "none" })"));
    ASSERT_EQ(one.facts.size(), shipped_facts().size() + 2);
    const Fact& shell = one.facts[one.facts.size() - 2];
    EXPECT_EQ(shell.name, "shell");
    EXPECT_EQ(shell.script.filename(), "evidence.sh");
    EXPECT_NE(expected(one, {{"shell", "dash"}, {"libc", "2.36"}, {"lsm", "none"}}, {}), nullptr);
    EXPECT_EQ(expected(one, {{"shell", "dash"}, {"libc", "2.29"}, {"lsm", "none"}}, {}), nullptr);
}

TEST_F(FactsTest, OfACaseAreHeldAgainstItsConditions) {
    const std::string own = R"({ "shell": { "tells": "sh", "values": ["dash"], "script": "evidence.sh" } })";
    EXPECT_NE(case_complaint(bringing(own, R"({ "shel": "dash" })")).find("(did you mean \"shell\"?)"),
              std::string::npos);
    EXPECT_NE(case_complaint(bringing(own, R"({ "shell": "zsh" })")).find("unknown shell \"zsh\""),
              std::string::npos);
    EXPECT_NE(case_complaint(bringing(own, R"({ "shell": "<5" })")).find("is no version"), std::string::npos);
    EXPECT_NE(case_complaint(bringing(R"({ "lsm": { "tells": "x", "script": "evidence.sh" } })"))
                  .find("every guest tells the fact \"lsm\" of itself"),
              std::string::npos);
    EXPECT_NE(case_complaint(bringing(R"({ "shell": { "tells": "x" } })")).find("\"script\" is missing"),
              std::string::npos);
    EXPECT_NE(case_complaint(bringing(R"({ "shell": { "tells": "x", "script": "evidense.sh" } })"))
                  .find("did you mean \"evidence.sh\""),
              std::string::npos);
    EXPECT_NE(case_complaint(with(bringing(own), "\"title\"", R"("matrix": { "shell": ["a"] }, "title")"))
                  .find("has the name of a fact"),
              std::string::npos);
    EXPECT_NE(case_complaint(with(minimal_case, "{ \"verdict\"", R"({ "when": { "shell": "x" }, "verdict")"))
                  .find("unknown fact \"shell\""),
              std::string::npos)
        << "a fact of another case";
}

TEST_F(FactsTest, OfAllCasesAreAskedOnce) {
    const std::string own = bringing(R"({ "shell": { "tells": "sh", "script": "evidence.sh" } })");
    folder_.add("a", own);
    folder_.add("b", own);
    folder_.add("c");
    const auto facts = facts_brought_by(folder_.path(), shipped_facts());
    ASSERT_EQ(facts.size(), 1U);
    const std::string question = facts[0].question();
    EXPECT_TRUE(facts_brought_by(folder_.path() / "absent", shipped_facts()).empty());

    write_file(folder_.path() / "b" / "evidence.sh", "echo another\n");
    try {
        facts_brought_by(folder_.path(), shipped_facts());
        FAIL();
    } catch (const InputError& error) {
        EXPECT_NE(std::string(error.what()).find("b/case.json:2:"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("another one than that of a"), std::string::npos);
    }
    write_file(folder_.path() / "a" / "evidence.sh", "echo another\n");
    EXPECT_NE(facts_brought_by(folder_.path(), shipped_facts())[0].question(), question)
        << "another script is another question";
}

}  // namespace
}  // namespace clamproof
