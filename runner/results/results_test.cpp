#include "results/results.h"

#include <gtest/gtest.h>

#include <functional>

#include "proof/fake_door_test.h"
#include "results/judge.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

TEST(Outcomes, GoToTextAndBack) {
    for (const char* text : {"pass", "mismatch", "skipped", "infra"}) {
        const auto outcome = outcome_from(text);
        ASSERT_TRUE(outcome) << text;
        EXPECT_EQ(to_string(*outcome), text);
    }
    EXPECT_EQ(outcome_from("fail"), std::nullopt);
}

TEST(Denials, AreOfOneKindWhereverTheyHappened) {
    Denial one{.lsm = "selinux",
               .source = "clamd_t",
               .target = "unreserved_port_t",
               .object = "tcp_socket",
               .permission = "name_bind",
               .comm = "clamd",
               .path = "/x",
               .ports = {{1505, 3}},
               .count = 3,
               .first = 1,
               .last = 2};
    Denial other = one;
    other.ports = {{1506, 1}};
    other.count = 1;
    other.first = other.last = 9;
    EXPECT_TRUE(one.same_kind(other));

    const std::vector<std::function<void(Denial&)>> changes = {
        [](Denial& denial) { denial.lsm = "apparmor"; }, [](Denial& denial) { denial.source = "x"; },
        [](Denial& denial) { denial.target = "x"; },     [](Denial& denial) { denial.object = "x"; },
        [](Denial& denial) { denial.permission = "x"; }, [](Denial& denial) { denial.comm = "x"; },
        [](Denial& denial) { denial.path = "x"; },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Denial changed = one;
        changes[i](changed);
        EXPECT_FALSE(one.same_kind(changed)) << i;
    }
}

TEST(Denials, TellTheirPortsInShort) {
    const auto text = [](std::map<int, int> ports) {
        Denial denial;
        denial.ports = std::move(ports);
        return denial.port_text();
    };
    EXPECT_EQ(text({}), "");
    EXPECT_EQ(text({{1505, 3}}), "1505");
    EXPECT_EQ(text({{1024, 1}, {1025, 1}, {1026, 2}}), "1024-1026");
    EXPECT_EQ(text({{1024, 1}, {1025, 1}, {3310, 1}, {3311, 1}}), "1024-1025 and 2 more");
}

TEST(SilentMisses, AreInfectedFilesReportedClean) {
    CellResult cell;
    cell.arms.resize(2);
    cell.arms[0].scans = {{"path", "/eicar", true, "clean"}, {"path", "/good", false, "clean"}};
    cell.arms[1].scans = {{"fdpass", "/eicar", true, "clean"}, {"stream", "/eicar", true, "error"}};
    cell.arms[1].scans[0].fault = Fault::Present;
    EXPECT_EQ(cell.silent_misses(), 2);
    EXPECT_EQ(cell.alarming_misses(), 1);
    EXPECT_EQ(CellResult().silent_misses(), 0);
}

}  // namespace

namespace {

class KnownTest : public testing::Test {
  protected:
    KnownTest() {
        write_door(folder_.path() / "door");
        cases_ = {load_case(folder_.path() / "door", door_facts)};
        cases_[0].matrix = {{"hand", {"left", "right"}}};
        cell_.case_id = "door";
        cell_.variant = {{"hand", "left"}};
        cell_.verdict = Verdict::FixFailed;
        cell_.expected = Verdict::Fixed;
        cell_.outcome = Outcome::Mismatch;
    }

    std::vector<KnownProblem> load(const std::string& when, const std::string& more = "") {
        write_file(file(), R"({ "known": [
            { "case": "door", "when": )" +
                               when + R"(, "verdict": "fix-failed", "reason": "the hinge",
              "link": "bug 12", "expires": "2030-06-30")" +
                               more + "} ] }");
        return load_known(file(), cases_);
    }

    std::string complaint(const std::string& when, const std::string& more = "") {
        try {
            load(when, more);
        } catch (const InputError& error) {
            return error.what();
        }
        return "was taken";
    }

    CellResult applied(const std::vector<KnownProblem>& known, const std::string& day = "2030-06-30") {
        CellResult cell = cell_;
        apply_known(known, {{"lsm", "selinux"}}, day, cell);
        return cell;
    }

    fs::path file() const { return folder_.path() / "known.json"; }

    TempDir folder_{testing::TempDir(), "known-"};
    std::vector<Case> cases_;
    CellResult cell_;
};

TEST_F(KnownTest, UpToItsLastDayIsNoFailure) {
    const CellResult cell = applied(load(R"({ "lsm": "selinux", "hand": "left" })"));
    EXPECT_EQ(cell.outcome, Outcome::Known);
    EXPECT_EQ(cell.known, "known until 2030-06-30: the hinge (bug 12)");
}

TEST_F(KnownTest, AfterItIsAndSaysSo) {
    const CellResult cell = applied(load("{}"), "2030-07-01");
    EXPECT_EQ(cell.outcome, Outcome::Mismatch);
    EXPECT_NE(cell.known.find("known.json:2 has expired on 2030-06-30: the hinge"), std::string::npos)
        << cell.known;
}

TEST_F(KnownTest, OnceCuredIsAFailure) {
    cell_.verdict = Verdict::Fixed;
    cell_.outcome = Outcome::Pass;
    const CellResult cell = applied(load("{}"));
    EXPECT_EQ(cell.outcome, Outcome::Mismatch);
    EXPECT_NE(cell.known.find("known.json:2 is cured here"), std::string::npos) << cell.known;
}

TEST_F(KnownTest, AnotherFailureIsNotTheKnownOne) {
    cell_.verdict = Verdict::SelfHealed;
    EXPECT_EQ(applied(load("{}")).outcome, Outcome::Mismatch);
}

TEST_F(KnownTest, WhatIsNotAskedForStaysAsItIs) {
    EXPECT_EQ(applied(load(R"({ "hand": "right" })")).outcome, Outcome::Mismatch);
    EXPECT_EQ(applied(load(R"({ "lsm": "apparmor" })")).outcome, Outcome::Mismatch);
    cell_.outcome = Outcome::Skipped;
    EXPECT_EQ(applied(load("{}")).outcome, Outcome::Skipped);
    cell_.outcome = Outcome::Infra;
    EXPECT_EQ(applied(load("{}")).outcome, Outcome::Infra);
}

TEST_F(KnownTest, MistakesAreToldWithTheirPlace) {
    EXPECT_NE(complaint(R"({ "foot": "left" })").find("known.json:2:"), std::string::npos);
    EXPECT_NE(complaint("{}", R"(, "since": "x")").find("unknown key \"since\""), std::string::npos);
    write_file(file(), R"({ "known": [ { "case": "dor" } ] })");
    EXPECT_THROW(load_known(file(), cases_), InputError);
    write_file(file(), R"({ "known": [ { "case": "door", "verdict": "fixed", "reason": "r", "link": "l",
        "expires": "2030-02-30" } ] })");
    try {
        load_known(file(), cases_);
        FAIL() << "was taken";
    } catch (const InputError& error) {
        EXPECT_NE(std::string(error.what()).find("\"2030-02-30\" is no day"), std::string::npos)
            << error.what();
    }
}

TEST_F(KnownTest, TodayIsADay) {
    EXPECT_EQ(today().size(), 10U);
    EXPECT_GT(today(), "2026-01-01");
}

}  // namespace

namespace {

CellResult run_of(Verdict verdict) {
    CellResult result;
    result.verdict = verdict;
    result.expected = Verdict::Fixed;
    result.outcome = verdict == Verdict::Fixed        ? Outcome::Pass
                     : verdict == Verdict::InfraError ? Outcome::Infra
                                                      : Outcome::Mismatch;
    result.seconds = 2;
    return result;
}

CellResult believed(const std::vector<Verdict>& verdicts, int repeat = 1) {
    std::size_t runs = 0;
    const CellResult result = run_until_believed(
        [&](int number) {
            EXPECT_EQ(static_cast<std::size_t>(number), runs + 1);
            return run_of(verdicts.at(runs++));
        },
        repeat);
    EXPECT_EQ(runs, verdicts.size());
    EXPECT_EQ(result.reruns.size() + 1, verdicts.size());
    return result;
}

TEST(RunUntilBelieved, WhatIsExpectedIsRunOnce) {
    EXPECT_EQ(believed({Verdict::Fixed}).outcome, Outcome::Pass);
}

TEST(RunUntilBelieved, AMismatchTwiceIsOne) {
    const CellResult result = believed({Verdict::FixFailed, Verdict::FixFailed});
    EXPECT_EQ(result.outcome, Outcome::Mismatch);
    EXPECT_EQ(result.seconds, 4);
}

TEST(RunUntilBelieved, RunsThatDisagreeAreFlakyWithBothTheirEvidence) {
    const CellResult result = believed({Verdict::FixFailed, Verdict::Fixed});
    EXPECT_EQ(result.outcome, Outcome::Flaky);
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_EQ(result.reruns[0].verdict, Verdict::Fixed);
    EXPECT_EQ(believed({Verdict::FixFailed, Verdict::SelfHealed}).outcome, Outcome::Flaky);
}

TEST(RunUntilBelieved, TheHarnessIsGivenASecondTry) {
    const CellResult result = believed({Verdict::InfraError, Verdict::Fixed});
    EXPECT_EQ(result.outcome, Outcome::Pass);
    EXPECT_EQ(result.verdict, Verdict::Fixed);
    EXPECT_EQ(result.reruns[0].verdict, Verdict::InfraError);
    EXPECT_EQ(believed({Verdict::InfraError, Verdict::InfraError}).outcome, Outcome::Infra);
}

TEST(RunUntilBelieved, AMismatchThatNobodyCouldConfirmStands) {
    EXPECT_EQ(believed({Verdict::FixFailed, Verdict::InfraError}).outcome, Outcome::Mismatch);
    EXPECT_EQ(believed({Verdict::InfraError, Verdict::FixFailed}).outcome, Outcome::Mismatch);
}

TEST(RunUntilBelieved, WhoAsksAgainByHimselfIsSparedTheHarnessTroubleAlone) {
    EXPECT_EQ(believed({Verdict::FixFailed}, 0).outcome, Outcome::Mismatch);
    EXPECT_EQ(believed({Verdict::InfraError, Verdict::FixFailed}, 0).verdict, Verdict::FixFailed);
}

TEST(RunUntilBelieved, EveryRunThatWasAskedForCounts) {
    EXPECT_EQ(believed({Verdict::Fixed, Verdict::Fixed, Verdict::Fixed}, 3).outcome, Outcome::Pass);
    const CellResult flaky = believed({Verdict::Fixed, Verdict::Fixed, Verdict::SelfHealed}, 3);
    EXPECT_EQ(flaky.outcome, Outcome::Flaky);
    EXPECT_EQ(flaky.verdict, Verdict::SelfHealed);
    EXPECT_EQ(believed({Verdict::Fixed, Verdict::InfraError}, 2).outcome, Outcome::Pass);
}

}  // namespace

}  // namespace clamproof
