#include "casefile/case.h"

#include <gtest/gtest.h>

#include "casefile/case_test_folder.h"

namespace clamproof {
namespace {

constexpr std::string_view full_case = R"json({
    // Everything a case can say.
    "title": "SELinux keeps clamd from its ports", "story": "It does.", "source": "a thread (2012)",
    "requires": { "lsm": "selinux", "clamd": ">=0.98" },
    "matrix": { "session": ["login", "cron"], "by": ["socket-unit", "invoke-rc.d"] },
    "skip": [ { "when": { "by": "socket-unit", "init": "sysvinit" }, "because": "socket units need systemd" } ],
    "setup": "trigger.sh", "trigger": "trigger.sh", "took": "took.sh", "probe": "probe.sh", "restart": "restart.sh",
    "symptom": { "output": "Can't find any free port|accept\\(\\) failed" },
    "evidence": [
        { "when": { "session": "cron" },
          "denial": { "lsm": "selinux", "comm": "clamd", "class": "tcp_socket", "permission": "name_bind",
                      "source": "clamd_t", "target": "unreserved_port_t", "port": "1505", "at_least": 900 } },
        { "no_denial": { "path": "/srv/x" } },
        { "no_denial": {} },
        { "shows": { "script": "evidence.sh", "output": "TMPDIR=.*user" } }
    ],
    "unconfined": ["healthy", "fix:narrow"],
    "fixes": [
        { "id": "label", "documented": "semanage", "apply": "fix.sh", "undo": "undo.sh", "verify": "probe.sh",
          "changes": ["port tcp 1024-2048"],
          "survives": "reboot" },
        { "id": "narrow", "documented": "one port", "when": { "session": "cron" }, "apply": "fix.sh",
          "survives": "nothing" }
    ],
    "expect": [
        { "when": { "clamd": "<0.104" }, "verdict": "fixed" },
        { "verdict": "immune", "because": "STREAM left clamd in 0.104.0" }
    ]
})json";

class LoadCase : public testing::Test {
  protected:
    Case load(std::string_view json) const { return load_case(folder_.add("a-case", json), shipped_facts()); }

    /// The complaint about a case, without the folder before case.json.
    std::string complaint(std::string_view json) const {
        try {
            load(json);
        } catch (const InputError& error) {
            const std::string message = error.what();
            const std::size_t name = message.find("a-case/case.json");
            return name == std::string::npos ? message : message.substr(name);
        }
        return "";
    }

    CaseTestFolder folder_;
};

TEST_F(LoadCase, ACaseSaysHowItsFaultShows) {
    EXPECT_EQ(complaint(minimal_case), "");
    EXPECT_NE(complaint(with(minimal_case, R"("took": "took.sh", )", "")).find("the key \"took\" is missing"),
              std::string::npos);
}

TEST_F(LoadCase, ReadsEverything) {
    const Case one = load(full_case);
    EXPECT_EQ(one.id, "a-case");
    EXPECT_EQ(one.title, "SELinux keeps clamd from its ports");
    EXPECT_EQ(one.matrix.at("session"), (std::vector<std::string>{"login", "cron"}));
    EXPECT_EQ(one.setup, "trigger.sh");
    EXPECT_TRUE(one.symptom.found_in("accept() failed."));

    ASSERT_EQ(one.evidence.size(), 4U);
    const Evidence& ports = one.evidence[0];
    EXPECT_EQ(ports.kind, Evidence::Kind::Denial);
    EXPECT_EQ(ports.denial.object, "tcp_socket");
    EXPECT_EQ(ports.denial.port, 1505);
    EXPECT_EQ(ports.at_least, 900);
    EXPECT_TRUE(ports.when.holds({}, {{"session", "cron"}}));
    EXPECT_FALSE(ports.when.holds({}, {{"session", "login"}}));
    EXPECT_EQ(one.evidence[1].kind, Evidence::Kind::NoDenial);
    EXPECT_EQ(one.evidence[3].script, "evidence.sh");

    ASSERT_EQ(one.fixes.size(), 2U);
    EXPECT_EQ(one.fixes[0].verify, "probe.sh");
    EXPECT_EQ(one.fixes[0].survives, Survives::Reboot);
    EXPECT_EQ(one.fixes[0].changes, std::vector<std::string>{"port tcp 1024-2048"});
    EXPECT_EQ(one.fixes[1].verify, std::nullopt);
    EXPECT_EQ(one.fixes[1].survives, Survives::Nothing);
    EXPECT_EQ(one.fixes[1].undo, "");
    EXPECT_EQ(one.fixes[0].takes_effect, TakesEffect::Now);
    const std::string later = with(full_case, R"("survives": "reboot")",
                                   R"("survives": "reboot", "takes_effect": "after-restart")");
    EXPECT_EQ(load(later).fixes[0].takes_effect, TakesEffect::AfterRestart);
    EXPECT_TRUE(one.may_be_unconfined(ArmId::healthy()));
    EXPECT_TRUE(one.may_be_unconfined(ArmId::fix("narrow")));
    EXPECT_FALSE(one.may_be_unconfined(ArmId::failing()));
}

TEST_F(LoadCase, TakesTheLeastThereCanBe) {
    const Case one = load(minimal_case);
    EXPECT_EQ(one.setup, std::nullopt);
    EXPECT_TRUE(one.matrix.empty());
    EXPECT_TRUE(one.evidence.empty());
    EXPECT_TRUE(one.needs.empty());
}

TEST_F(LoadCase, TakesAFolderWithASlash) {
    folder_.add("x");
    EXPECT_EQ(load_case((folder_.path() / "x").string() + "/", shipped_facts()).id, "x");
}

TEST_F(LoadCase, AFixThatSurvivesNothingHasNeitherUndoNorALaterEffect) {
    const auto with_key = [](const std::string& key) {
        return with(full_case, R"("survives": "nothing")", R"("survives": "nothing", )" + key);
    };
    EXPECT_NE(complaint(with_key(R"("undo": "undo.sh")")).find("leave \"undo\" out"), std::string::npos);
    EXPECT_NE(complaint(with_key(R"("takes_effect": "after-restart")")).find("cannot take effect then"),
              std::string::npos);
}

TEST_F(LoadCase, PointsAtAnUnknownKey) {
    EXPECT_EQ(complaint(with(minimal_case, "\"fixes\"", "\"fixs\"")),
              "a-case/case.json:5:5: unknown key \"fixs\" (did you mean \"fixes\"?)");
    const std::string extra = complaint(with(minimal_case, "\"expect\"", "\"skipp\": [], \"expect\""));
    EXPECT_EQ(
        extra.find("a-case/case.json:6:5: unknown key \"skipp\"; expected one of: title, story, source"), 0U);
    EXPECT_NE(extra.find("(did you mean \"skip\"?)"), std::string::npos);
    EXPECT_NE(complaint(with(minimal_case, "\"undo\"", "\"udno\"")).find("did you mean \"undo\""),
              std::string::npos);
    EXPECT_NE(
        complaint(with(minimal_case, "\"output\"", "\"output\": \"x\", \"err\"")).find("unknown key \"err\""),
        std::string::npos);
}

TEST_F(LoadCase, WantsEveryFileThatIsNamed) {
    EXPECT_EQ(
        complaint(with(minimal_case, "\"fix.sh\"", "\"fxi.sh\"")),
        "a-case/case.json:5:60: unknown file \"fxi.sh\"; expected one of: evidence.sh, fix.sh, probe.sh, "
        "restart.sh, took.sh, trigger.sh, undo.sh (did you mean \"fix.sh\"?)");
    EXPECT_NE(complaint(with(minimal_case, "\"probe.sh\"", "\"../a-case/probe.sh\"")).find("own folder"),
              std::string::npos);
    EXPECT_NE(complaint(with(minimal_case, "\"probe.sh\"", "\"..\"")), "");
    EXPECT_NE(complaint(with(minimal_case, "\"probe.sh\"", "\".\"")), "");
    write_file(folder_.path() / "a-case" / "empty.sh", "");
    EXPECT_NE(complaint(with(minimal_case, "\"probe.sh\"", "\"empty.sh\"")).find("is empty"),
              std::string::npos);
}

TEST_F(LoadCase, WantsExpressionsThatCompile) {
    EXPECT_EQ(complaint(with(minimal_case, "\"ERROR\"", "\"accept(\""))
                  .find("a-case/case.json:4:28: \"accept(\" is"),
              0U);
    EXPECT_NE(complaint(with(full_case, "TMPDIR=.*user", "[")).find("case.json:15:57: "), std::string::npos);
}

TEST_F(LoadCase, RejectsWhatIsThereTwice) {
    EXPECT_NE(complaint(with(full_case, "\"narrow\", \"doc", "\"label\", \"doc"))
                  .find("the fix \"label\" is here a second"),
              std::string::npos);
    EXPECT_NE(complaint(with(full_case, "\"login\", \"cron\"", "\"login\", \"login\""))
                  .find("the value \"login\" is here a"),
              std::string::npos);
    EXPECT_NE(complaint(with(minimal_case, "\"title\"", "\"title\": \"x\", \"title\"")).find("second time"),
              std::string::npos);
}

TEST_F(LoadCase, RejectsNamesThatCannotBe) {
    EXPECT_NE(complaint(with(full_case, "{ \"session\": [\"login", "{ \"lsm\": [\"login"))
                  .find("has the name of a fact"),
              std::string::npos);
    EXPECT_NE(
        complaint(with(full_case, "{ \"session\": [\"login", "{ \"a-b\": [\"login")).find("needs a name"),
        std::string::npos);
    EXPECT_NE(complaint(with(full_case, "[\"login\"", "[\"a/b\"")).find("cannot be a value"),
              std::string::npos);
    EXPECT_NE(complaint(with(full_case, "[\"login\", \"cron\"]", "[]")).find("has no values"),
              std::string::npos);
    EXPECT_NE(complaint(with(minimal_case, "\"cure\"", "\"The Cure\"")).find("cannot be an id"),
              std::string::npos);
    EXPECT_THROW(load_case(folder_.add("A Case"), shipped_facts()), InputError);
}

TEST_F(LoadCase, RejectsConditionsThatCannotBeMet) {
    EXPECT_NE(
        complaint(with(full_case, "{ \"lsm\": \"selinux\", \"clamd", "{ \"session\": \"cron\", \"clamd"))
            .find("unknown fact \"session\""),
        std::string::npos)
        << "what a guest needs cannot depend on the variant";
    EXPECT_NE(complaint(with(full_case, "{ \"session\": \"cron\" }", "{ \"sesion\": \"cron\" }"))
                  .find("did you mean \"session\""),
              std::string::npos);
    EXPECT_NE(complaint(with(full_case, "{ \"verdict\": \"immune\"",
                             "{ \"verdict\": \"fixed\" }, { \"verdict\": \"immune\""))
                  .find("never reached"),
              std::string::npos);
}

TEST_F(LoadCase, RejectsWordsThatAreNone) {
    EXPECT_NE(complaint(with(minimal_case, "\"fixed\"", "\"fix-faild\"")).find("did you mean \"fix-failed\""),
              std::string::npos);
    EXPECT_EQ(complaint(with(minimal_case, "\"fixed\"", "\"infra-error\"")), "")
        << "a case that tests the harness itself may expect it to be lost";
    EXPECT_NE(complaint(with(minimal_case, "\"fixed\"", "\"not-triggered\"")), "")
        << "a trigger that does nothing is never as expected";
    EXPECT_NE(complaint(with(minimal_case, "\"reboot\"", "\"rebot\"")).find("did you mean \"reboot\""),
              std::string::npos);
    EXPECT_NE(complaint(with(full_case, "\"fix:narrow\"", "\"narrow\"")).find("unknown arm \"narrow\""),
              std::string::npos);
}

TEST_F(LoadCase, RejectsEmptyLists) {
    EXPECT_NE(complaint(with(minimal_case, "[ { \"verdict\": \"fixed\" } ]", "[]")), "");
    EXPECT_NE(complaint(with(minimal_case, "\"fixes\": [", "\"fixes\": [], \"fixs\": [")).find("names none"),
              std::string::npos);
}

TEST_F(LoadCase, ExpectsTheFirstThatMatches) {
    const Case one = load(full_case);
    ASSERT_NE(expected(one, {{"clamd", "0.103.10"}}, {}), nullptr);
    EXPECT_EQ(expected(one, {{"clamd", "0.103.10"}}, {})->verdict, Verdict::Fixed);
    EXPECT_EQ(expected(one, {{"clamd", "1.4.6"}}, {})->verdict, Verdict::Immune);
    EXPECT_EQ(expected(one, {{"clamd", "1.4.6"}}, {})->because, "STREAM left clamd in 0.104.0");
    const Case quiet =
        load(with(minimal_case, "{ \"verdict\"", "{ \"when\": { \"lsm\": \"none\" }, \"verdict\""));
    EXPECT_EQ(expected(quiet, {{"lsm", "selinux"}}, {}), nullptr);
}

TEST_F(LoadCase, TellsWhyACellIsSkipped) {
    const Case one = load(full_case);
    const Facts fits = {{"lsm", "selinux"}, {"clamd", "1.4.6"}, {"init", "sysvinit"}};
    EXPECT_EQ(why_skipped(one, fits, {{"session", "cron"}, {"by", "invoke-rc.d"}}), std::nullopt);
    EXPECT_EQ(why_skipped(one, fits, {{"session", "cron"}, {"by", "socket-unit"}}),
              "socket units need systemd");
    EXPECT_EQ(why_skipped(one, {{"lsm", "apparmor"}, {"clamd", "1.4.6"}}, {}),
              "needs lsm selinux; this guest has lsm apparmor");
    EXPECT_EQ(why_skipped(one, {{"lsm", "selinux"}}, {}), "needs clamd >=0.98; this guest has no clamd");
}

TEST_F(LoadCase, KnowsTheFixesOfACell) {
    const Case one = load(full_case);
    EXPECT_EQ(fixes_for(one, {}, {{"session", "cron"}}).size(), 2U);
    const auto login = fixes_for(one, {}, {{"session", "login"}});
    ASSERT_EQ(login.size(), 1U);
    EXPECT_EQ(login[0]->id, "label");
}

}  // namespace

namespace {

std::vector<std::string> ids(const std::vector<Case>& cases) {
    std::vector<std::string> names;
    for (const Case& one : cases) names.push_back(one.id);
    return names;
}

TEST(LoadCases, AreSortedAndIgnoreOtherFolders) {
    const CaseTestFolder folder;
    folder.add("tmpdir");
    folder.add("apparmor");
    folder.add("selinux");
    make_folder(folder.path() / "notes");
    write_file(folder.path() / "lib.sh", "true\n");
    EXPECT_EQ(ids(load_cases(folder.path(), shipped_facts())),
              (std::vector<std::string>{"apparmor", "selinux", "tmpdir"}));
}

TEST(LoadCases, TellsOfABrokenCase) {
    const CaseTestFolder folder;
    folder.add("good");
    folder.add("bad", "{");
    EXPECT_THROW(load_cases(folder.path(), shipped_facts()), InputError);
}

TEST(LoadCases, WantsACase) {
    const CaseTestFolder folder;
    EXPECT_THROW(load_cases(folder.path(), shipped_facts()), InputError);
    EXPECT_THROW(load_cases(folder.path() / "absent", shipped_facts()), InputError);
}

TEST(LoadCases, OfSeveralFoldersAreOneListAndNoNameIsThereTwice) {
    const CaseTestFolder shipped, own;
    shipped.add("leak");
    own.add("door");
    Folders folders(shipped.path());
    folders.add(own.path());
    EXPECT_EQ(ids(load_cases(folders, shipped_facts())), (std::vector<std::string>{"door", "leak"}));
    own.add("leak");
    try {
        load_cases(folders, shipped_facts());
        FAIL() << "it was taken";
    } catch (const InputError& error) {
        const std::string what = error.what();
        EXPECT_NE(what.find("the case leak is in " + shipped.path().string()), std::string::npos) << what;
        EXPECT_NE(what.find(own.path().string()), std::string::npos) << what;
    }
}

TEST(LoadCases, HaveTheVocabularyOfTheirFolderElseTheFirstThereIs) {
    const CaseTestFolder shipped, own;
    Folders folders(shipped.path());
    folders.add(own.path());
    const Case door = load_case(own.add("door"), shipped_facts());
    EXPECT_THROW(library_of(folders, door), InputError);
    write_file(shipped.path() / "lib.sh", "shipped\n");
    EXPECT_EQ(library_of(folders, door), "shipped\n");
    write_file(own.path() / "lib.sh", "own\n");
    EXPECT_EQ(library_of(folders, door), "own\n");
    EXPECT_EQ(library_of(folders, load_case(shipped.add("leak"), shipped_facts())), "shipped\n");
}

TEST(SelectCases, PicksByPattern) {
    const CaseTestFolder folder;
    for (const char* id : {"selinux-ports", "selinux-tcp", "tmpdir-leak"}) folder.add(id);
    const std::vector<Case> cases = load_cases(folder.path(), shipped_facts());
    EXPECT_EQ(ids(select_cases(cases, {})), ids(cases));
    EXPECT_EQ(ids(select_cases(cases, {"selinux-*"})),
              (std::vector<std::string>{"selinux-ports", "selinux-tcp"}));
    try {
        select_cases(cases, {"tmpdir-leek"});
        FAIL();
    } catch (const InputError& error) {
        EXPECT_STREQ(
            error.what(),
            "no case matches \"tmpdir-leek\"; there are: selinux-ports, selinux-tcp, tmpdir-leak (did you "
            "mean \"tmpdir-leak\"?)");
    }
}

}  // namespace

}  // namespace clamproof
