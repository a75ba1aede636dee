#include "proof/cell_run.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "proof/cell.h"
#include "proof/fake_door_test.h"
#include "support/files.h"

namespace clamproof {
namespace {

std::string with_oil_that_takes_effect_later() {
    std::string text = door_json;
    return text.insert(text.find(R"("survives")"), R"("takes_effect": "after-restart", )");
}

FakeScripts world_where_oil_waits_for_a_restart() {
    auto world = honest_world();
    world["oil"] = [](FakeState& door) { return door.insert("oil in the can"), fake_result(0); };
    world["restart"] = [](FakeState& door) {
        if (door.erase("oil in the can") != 0) door.insert("oiled");
        return door.erase("in memory: kicked"), fake_result(0);
    };
    return world;
}

class CellRunTest : public testing::Test {
  protected:
    CellRunTest() : folder_(testing::TempDir(), "cell-run-") {
        write_door(door());
        image_.name = "house";
        image_.lsm = "none";
    }

    fs::path door() const { return folder_.path() / "door"; }

    CellResult run(FakeScripts world, std::optional<Ends> ends = {}) {
        const Case subject = load_case(door(), door_facts);
        const Cell cell{.subject = subject,
                        .image = image_,
                        .facts = {{"lsm", "none"}},
                        .variant = {},
                        .library = "true"};
        FakeGuests guests(std::move(world));
        SharedStates states;
        return run_cell(cell, guests, {.states = states}, [](const CellProgress&) {},
                        {.evidence = folder_.path() / "evidence", .ends = ends});
    }

    TempDir folder_;
    ImageDefinition image_;
};

TEST_F(CellRunTest, ProvesAFix) {
    const CellResult result = run(honest_world());
    EXPECT_EQ(result.verdict, Verdict::Fixed) << result.because;
    EXPECT_EQ(result.outcome, Outcome::Pass);
    std::vector<std::string> names;
    for (const auto& arm : result.arms) {
        names.push_back(arm.id.text());
        EXPECT_TRUE(arm.held) << arm.id.text() << ": " << arm.seen;
    }
    EXPECT_EQ(names, (std::vector<std::string>{"healthy", "failing", "control", "fix:oil", "fix:kick"}));
    std::vector<std::string> steps;
    for (const auto& step : arm(result, "fix:oil").steps) steps.push_back(step.what);
    EXPECT_EQ(steps, (std::vector<std::string>{"apply", "probe after apply", "second apply",
                                               "restart after second apply", "probe after second apply",
                                               "reboot", "restart after reboot", "probe after reboot", "undo",
                                               "restart after undo", "probe after undo"}));
    EXPECT_EQ(result.again, "clamproof run --image house --case door");
}

// The door opens, is not cured by what is documented alone, and the probe sees nothing of it.
TEST_F(CellRunTest, AFixThatChangesMoreThanItMayHasFailed) {
    auto world = honest_world();
    std::string inventory = "file /oil\tlinseed\n";
    world["exec /usr/lib/clamproof/inventory"] = [&](FakeState& door) {
        return fake_result(0, door.contains("oiled") ? inventory : "");
    };
    const CellResult good = run(world);
    EXPECT_EQ(good.verdict, Verdict::Fixed);
    EXPECT_EQ(arm(good, "fix:oil").changes, std::vector<std::string>{"added file /oil"});

    inventory += "file /etc/shadow\tyours\n";
    const CellResult bad = run(world);
    EXPECT_EQ(bad.verdict, Verdict::FixFailed);
    EXPECT_FALSE(arm(bad, "fix:oil").held);
    EXPECT_EQ(arm(bad, "fix:oil").seen,
              "it cures, but does more than its \"changes\" allow: added file /etc/shadow");
    EXPECT_TRUE(arm(bad, "fix:kick").held);
}

TEST_F(CellRunTest, NoArmIsRunThatCannotChangeTheAnswer) {
    const auto names_with = [&](const Ends& ends) {
        std::vector<std::string> names;
        const CellResult result = run(honest_world(), ends);
        for (const auto& arm : result.arms) names.push_back(arm.id.text());
        names.emplace_back(to_string(result.verdict));
        return names;
    };
    EXPECT_EQ(names_with({.good = Verdict::Immune, .bad = {}}),
              (std::vector<std::string>{"healthy", "failing", "reproduced"}));
    EXPECT_EQ(names_with({.good = Verdict::Fixed, .bad = Verdict::FixFailed}),
              (std::vector<std::string>{"healthy", "failing", "control", "fix:oil", "fix:kick", "fixed"}));
}

TEST_F(CellRunTest, AFixThatTakesEffectAfterARestartIsRestartedAsSeldomAsCanBe) {
    write_file(door() / "case.json", with_oil_that_takes_effect_later());
    const CellResult result = run(world_where_oil_waits_for_a_restart());
    EXPECT_EQ(result.verdict, Verdict::Fixed);
    std::vector<std::string> steps;
    for (const auto& step : arm(result, "fix:oil").steps) steps.push_back(step.what);
    EXPECT_EQ(steps, (std::vector<std::string>{"apply", "restart", "probe after restart", "second apply",
                                               "reboot", "restart after reboot", "probe after reboot", "undo",
                                               "restart after undo", "probe after undo"}));
}

TEST_F(CellRunTest, AFixThatKeepsItFromStartingAgainFails) {
    auto world = honest_world();
    world["restart"] = [](FakeState& door) {
        return door.contains("oiled") ? fake_result(1, "it does not close\n") : fake_result(0);
    };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::FixFailed) << result.because;
    EXPECT_EQ(arm(result, "fix:oil").seen,
              "restart after second apply: restart.sh fails with the fix in place: it does not close");
}

TEST_F(CellRunTest, AnUnhealthyGuestProvesNothing) {
    auto world = honest_world();
    world["probe"] = [](FakeState&) { return fake_result(1, "it sticks\n"); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::Unhealthy);
    EXPECT_EQ(result.outcome, Outcome::Mismatch);
    EXPECT_EQ(result.arms.size(), 1u);
}

TEST_F(CellRunTest, ATriggerWithoutEffectIsImmune) {
    auto world = honest_world();
    world["trigger"] = [](FakeState& door) {
        return door.insert("swollen"), fake_result(0, "::because the door is of steel\n");
    };
    world["probe"] = [](FakeState&) { return fake_result(0); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::Immune);
    EXPECT_EQ(result.because, "the door is of steel");
}

TEST_F(CellRunTest, ATriggerThatDoesNothingProvesNothing) {
    auto world = honest_world();
    world["trigger"] = [](FakeState&) { return fake_result(0); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::NotTriggered) << "never immune";
    EXPECT_EQ(result.outcome, Outcome::Mismatch);
    EXPECT_EQ(arm(result, "failing").seen,
              "the trigger did not put the fault in place: took.sh does not find it");
}

TEST_F(CellRunTest, AFaultThatIsFoundBeforeTheTriggerProvesNothing) {
    auto world = honest_world();
    world["took"] = [](FakeState&) { return fake_result(0); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::Unhealthy);
    EXPECT_EQ(
        arm(result, "healthy").seen,
        "took.sh succeeds before the trigger: the fault is in place already, or it does not look for it");
}

TEST_F(CellRunTest, ARestartThatLeavesClamdRunningProvesNothing) {
    auto world = honest_world();
    const std::string look = "pid=$(pidof -s clamd) && cut -d ' ' -f 1,22 \"/proc/$pid/stat\"";
    world[look] = [](FakeState&) { return fake_result(0, "412 1000\n"); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_EQ(result.because, "the case's own restart (restart.sh) left the clamd running that ran before");
    int starts = 0;
    world[look] = [&](FakeState&) { return fake_result(0, fmt::format("412 {}\n", ++starts)); };
    EXPECT_EQ(run(world).verdict, Verdict::Fixed);
    world[look] = [](FakeState&) { return fake_result(1); };
    EXPECT_EQ(run(world).verdict, Verdict::Fixed)
        << "none runs before and after: that is for the probe to tell";
}

TEST_F(CellRunTest, AWaitThatRanOutOnASlowMachineIsNoFinding) {
    auto world = honest_world();
    world["oil"] = [](FakeState&) { return fake_result(75, "waited 30 s for the oil, in vain\n"); };
    world["i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i + 1)); done"] = [](FakeState&) {
        ScriptResult slow = fake_result(0);
        slow.seconds = 5.5;
        return slow;
    };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_EQ(result.because,
              "apply (oil.sh of door) waited 30 s for the oil, in vain, on a machine that is 50 times "
              "slower than it should be");
}

TEST_F(CellRunTest, AWaitThatRanOutOnAFastMachineIsAFinding) {
    auto world = honest_world();
    world["oil"] = [](FakeState&) { return fake_result(75, "waited 30 s for the oil, in vain\n"); };
    world["i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i + 1)); done"] = [](FakeState&) {
        ScriptResult fast = fake_result(0);
        fast.seconds = 0.11;
        return fast;
    };
    EXPECT_EQ(run(world).verdict, Verdict::FixFailed);
}

TEST_F(CellRunTest, AnotherSymptomIsADifferentFailure) {
    auto world = honest_world();
    world["probe"] = [](FakeState& door) { return fake_result(door.contains("swollen"), "it is gone\n"); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::DifferentFailure);
    EXPECT_NE(arm(result, "failing").seen.find("it is gone"), std::string::npos);
    EXPECT_FALSE(arm(result, "failing").artifacts.empty());
}

TEST_F(CellRunTest, APassingControlIsSelfHealed) {
    auto world = honest_world();
    world["restart"] = [](FakeState& door) { return door.erase("swollen"), fake_result(0); };
    EXPECT_EQ(run(world).verdict, Verdict::SelfHealed);
}

TEST_F(CellRunTest, AFixWithoutItsEffectFails) {
    auto world = honest_world();
    world["oil"] = [](FakeState&) { return fake_result(0); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_EQ(arm(result, "fix:oil").seen, "probe after apply: still failing: it sticks");
    EXPECT_TRUE(arm(result, "fix:kick").held);
}

TEST_F(CellRunTest, AFixThatCannotBeAppliedTwiceFails) {
    auto world = honest_world();
    world["oil"] = [](FakeState& door) { return fake_result(door.insert("oiled").second ? 0 : 1); };
    EXPECT_EQ(arm(run(world), "fix:oil").seen, "the fix cannot be applied: oil.sh (second apply) failed");
}

TEST_F(CellRunTest, AFixThatAReebootUndoesFails) {
    auto world = honest_world();
    world["oil"] = [](FakeState& door) { return door.insert("in memory: oiled"), fake_result(0); };
    world["probe"] = [](FakeState& door) {
        const bool opens = !door.contains("swollen") || door.contains("in memory: oiled") ||
                           door.contains("in memory: kicked");
        return opens ? fake_result(0) : fake_result(1, "it sticks\n");
    };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_EQ(arm(result, "fix:oil").seen, "probe after reboot: still failing: it sticks");
}

TEST_F(CellRunTest, ACureThatStaysWhenTheFixIsUndoneIsNotTheFix) {
    auto world = honest_world();
    world["wipe"] = [](FakeState&) { return fake_result(0); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_NE(arm(result, "fix:oil").seen.find("still passes after the fix is undone"), std::string::npos);
}

TEST_F(CellRunTest, ACureThatLastsLongerThanDocumentedIsNoted) {
    auto world = honest_world();
    world["restart"] = [](FakeState&) { return fake_result(0); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::Fixed);
    EXPECT_EQ(arm(result, "fix:kick").notes,
              std::vector<std::string>{"it lasts longer than documented: over a restart"});
}

TEST_F(CellRunTest, ABrokenTriggerIsNotBlamedOnTheGuest) {
    auto world = honest_world();
    world["trigger"] = [](FakeState&) { return fake_result(5, "no such command\n"); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_EQ(result.outcome, Outcome::Infra);
    EXPECT_EQ(result.because, "the case's own trigger (trigger.sh) failed with 5: no such command");
}

TEST_F(CellRunTest, ALostGuestIsAnInfraErrorWithItsEvidence) {
    auto world = honest_world();
    world["oil"] = [](FakeState&) -> ScriptResult { throw GuestLost("house: its kernel panicked"); };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_EQ(result.because, "house: its kernel panicked");
    EXPECT_EQ(arm(result, "fix:oil").artifacts.size(), 1u);
    EXPECT_TRUE(arm(result, "control").held);
}

TEST_F(CellRunTest, AScriptThatIsKilledIsAnInfraError) {
    for (const char* script : {"trigger", "took", "probe", "restart", "oil", "wipe"}) {
        auto world = honest_world();
        world[script] = [](FakeState&) { return fake_result(137); };
        const CellResult result = run(world);
        EXPECT_EQ(result.verdict, Verdict::InfraError) << script;
        EXPECT_NE(result.because.find("was killed"), std::string::npos) << result.because;
    }
}

TEST_F(CellRunTest, AFullDiskIsAnInfraErrorWhateverItLooksLike) {
    for (const char* script : {"took", "probe", "restart", "oil", "wipe"}) {
        auto world = honest_world();
        world[script] = [](FakeState& door) { return door.insert("disk is full"), fake_result(1); };
        const CellResult result = run(world);
        EXPECT_EQ(result.verdict, Verdict::InfraError) << script << ": " << to_string(result.verdict);
        EXPECT_FALSE(result.arms.back().held);
    }
}

TEST_F(CellRunTest, AScriptThatTakesTooLongIsAnInfraError) {
    for (const char* script : {"trigger", "took", "probe", "restart", "oil", "wipe"}) {
        auto world = honest_world();
        world[script] = [](FakeState&) {
            return ScriptResult{.exit = 124, .timed_out = true, .out = "", .err = ""};
        };
        EXPECT_EQ(run(world).verdict, Verdict::InfraError) << script;
    }
}

TEST_F(CellRunTest, AGuestThatCannotTakeItsInventoryIsAnInfraError) {
    auto world = honest_world();
    world["exec /usr/lib/clamproof/inventory"] = [](FakeState&) {
        return ScriptResult{.exit = 1, .out = "", .err = "no shelves"};
    };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_EQ(result.because, "the guest cannot take its inventory: no shelves");
}

TEST_F(CellRunTest, ASilentMissIsCounted) {
    auto world = honest_world();
    world["probe"] = [](FakeState& door) {
        if (!door.contains("swollen") || door.contains("oiled") || door.contains("in memory: kicked"))
            return fake_result(0);
        return fake_result(1, "::scan method=path infected=yes outcome=clean file=/e\nit sticks\n");
    };
    const CellResult result = run(world);
    EXPECT_EQ(result.verdict, Verdict::Fixed);
    // failing and control; the oil wiped off; the kick worn off
    EXPECT_EQ(result.silent_misses(), 4);
    EXPECT_EQ(result.alarming_misses(), 0) << "the failure explains them";
    const Scan& undone = arm(result, "fix:oil").scans.at(0);
    EXPECT_EQ(undone.step, "probe after undo");
    EXPECT_EQ(undone.fault, Fault::Present);
    EXPECT_EQ(arm(result, "failing").steps.back().out, "it sticks\n");
}

TEST_F(CellRunTest, ASilentMissThatTheFailureDoesNotExplainIsAlarming) {
    auto world = honest_world();
    world["probe"] = [open = world["probe"]](FakeState& door) {
        ScriptResult result = open(door);
        result.out = result.out + "::scan method=path infected=yes outcome=clean file=/e\n";
        return result;
    };
    const CellResult result = run(world);
    ASSERT_EQ(result.verdict, Verdict::Fixed);
    std::vector<std::string> alarming;
    for (const Arm& one : result.arms)
        for (const Scan& scan : one.scans)
            if (scan.alarming()) alarming.push_back(one.id.text() + ": " + scan.step);
    EXPECT_EQ(alarming,
              (std::vector<std::string>{"healthy: probe", "fix:oil: probe after apply",
                                        "fix:oil: probe after second apply", "fix:oil: probe after reboot",
                                        "fix:kick: probe after apply"}));
    EXPECT_EQ(result.alarming_misses(), 5);
}

TEST_F(CellRunTest, GuestAtRunsWhatLeadsThere) {
    const Case subject = load_case(door(), door_facts);
    const Cell cell{.subject = subject, .image = image_, .facts = {}, .variant = {}, .library = "true"};
    FakeGuests guests(honest_world());
    EXPECT_EQ(guest_at(cell, guests, "pristine")->run({.text = "probe"}).exit, 0);
    EXPECT_EQ(guest_at(cell, guests, "failing")->run({.text = "probe"}).exit, 1);
    EXPECT_EQ(guest_at(cell, guests, "oil")->run({.text = "probe"}).exit, 0);
    EXPECT_THROW(guest_at(cell, guests, "fialing"), InputError);
}

TEST_F(CellRunTest, GuestAtAFixThatTakesEffectAfterARestartIsRestarted) {
    write_file(door() / "case.json", with_oil_that_takes_effect_later());
    const Case subject = load_case(door(), door_facts);
    const Cell cell{.subject = subject, .image = image_, .facts = {}, .variant = {}, .library = "true"};
    FakeGuests guests(world_where_oil_waits_for_a_restart());
    EXPECT_EQ(guest_at(cell, guests, "oil")->run({.text = "probe"}).exit, 0);
}

}  // namespace
}  // namespace clamproof
