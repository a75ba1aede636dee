#include <gtest/gtest.h>

#include "proof/fake_door_test.h"
#include "results/judge.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
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
}  // namespace clamproof
