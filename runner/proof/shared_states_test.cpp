#include "proof/shared_states.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "guest/local_guest_test.h"
#include "proof/cell.h"
#include "proof/cell_run.h"
#include "proof/fake_door_test.h"
#include "support/files.h"

namespace clamproof {
namespace {

SharedState state_by(const std::string& by) {
    SharedState state;
    state.by = by;
    return state;
}

TEST(SharedStates, KeepsTheSixThatWereAskedForLast) {
    SharedStates states;
    for (const char* key : {"a", "b", "c", "d", "e", "f"}) states.keep(key, state_by(key));
    ASSERT_TRUE(states.find("a"));
    states.keep("g", state_by("g"));
    EXPECT_FALSE(states.find("b"));
    for (const char* key : {"a", "c", "d", "e", "f", "g"}) {
        ASSERT_TRUE(states.find(key)) << key;
        EXPECT_EQ(states.find(key)->by, key);
    }
}

TEST(SharedStates, TheFirstSaveShowsWhatSavesCost) {
    EXPECT_TRUE(SharedStates().worth_saving(0.1, 1));
    const SharedStates states(2);
    EXPECT_FALSE(states.worth_saving(0.9, 2));
    EXPECT_TRUE(states.worth_saving(1.1, 2));
    EXPECT_FALSE(states.worth_saving(100, 0)) << "nobody needs it";
}

// A door with a latch for each hand: what is done to it is the same for both, but for the scripts that name
// VARIANT_HAND.
class SharingTest : public testing::Test {
  protected:
    SharingTest() : folder_(testing::TempDir(), "sharing-") {
        make_folder(door());
        write_file(door() / "case.json", R"json({
            "title": "A door", "story": "It sticks.", "source": "The door (2026)",
            "matrix": { "hand": ["left", "right"] },
            "setup": "setup.sh", "trigger": "trigger.sh", "took": "took.sh", "probe": "probe.sh", "restart": "restart.sh",
            "symptom": { "output": "it sticks" },
            "fixes": [
                { "id": "oil", "documented": "oil it", "apply": "oil.sh", "undo": "wipe.sh",
                  "changes": ["file /oil"], "survives": "reboot" }
            ],
            "expect": [ { "verdict": "fixed" } ]
        })json");
        for (const char* name : {"setup", "trigger", "took", "probe", "restart", "oil", "wipe"})
            write_script(name, "");
        image_.name = "house";
        image_.lsm = "none";
        world_ = {
            {"setup", [this](FakeState&) { return ++ran_["setup"], fake_result(0); }},
            {"trigger",
             [this](FakeState& door) { return ++ran_["trigger"], door.insert("swollen"), fake_result(0); }},
            {"took", [](FakeState& door) { return fake_result(door.contains("swollen") ? 0 : 1); }},
            {"probe",
             [this](FakeState& door) {
                 ++ran_["probe"];
                 const bool opens = !door.contains("swollen") || door.contains("oiled");
                 return opens ? fake_result(0, "it opens\n") : fake_result(1, "it sticks\n");
             }},
            {"oil", [](FakeState& door) { return door.insert("oiled"), fake_result(0); }},
            {"wipe", [](FakeState& door) { return door.erase("oiled"), fake_result(0); }},
            {"exec /usr/lib/clamproof/inventory",
             [](FakeState& door) {
                 return fake_result(0, door.contains("oiled") ? "file /oil\tlinseed\n" : "");
             }},
        };
    }

    fs::path door() const { return folder_.path() / "door"; }
    void write_script(const std::string& name, const std::string& first_line) {
        write_file(door() / (name + ".sh"), first_line + "\n" + name + "\n");
    }
    void name_the_variant_in(const std::string& name) { write_script(name, ": $VARIANT_HAND"); }

    CellResult run(const std::string& hand, int siblings = 1, bool same_variant = false) {
        const Case subject = load_case(door(), door_facts);
        const Cell cell{.subject = subject,
                        .image = image_,
                        .facts = {{"lsm", "none"}},
                        .variant = {{"hand", hand}},
                        .library = "true",
                        .over = over_};
        FakeGuests guests(world_);
        guests.can_save = can_save_;
        ran_.clear();
        return run_cell(cell, guests, {.states = states_, .siblings = siblings, .same_variant = same_variant},
                        [](const CellProgress&) {}, {.evidence = folder_.path() / "evidence"});
    }

    TempDir folder_;
    ImageDefinition image_;
    SharedStates states_;
    FakeScripts world_;
    std::map<std::string, int> ran_;
    std::string over_;
    bool can_save_ = true;
};

TEST_F(SharingTest, CopiesOfACaseShareWhatTheirScriptsDoNotChange) {
    for (const char* name : {"trigger", "probe", "setup"}) name_the_variant_in(name);
    EXPECT_EQ(run("left", 2, true).verdict, Verdict::Fixed);
    EXPECT_EQ(run("left", 1, true).verdict, Verdict::Fixed);
    EXPECT_EQ(ran_["setup"], 0);
    EXPECT_EQ(ran_["trigger"], 0);
    world_["oil"] = [](FakeState&) { return fake_result(0); };
    EXPECT_EQ(run("left", 1, true).verdict, Verdict::FixFailed) << "the fix is each copy's own";
    write_script("probe", "# blinded: $VARIANT_HAND");
    run("left", 0, true);
    EXPECT_EQ(ran_["setup"], 0) << "it comes before the probe";
    EXPECT_GT(ran_["probe"], 0) << "another probe sees for itself";
    EXPECT_EQ(run("right", 0, true).verdict, Verdict::FixFailed);
    EXPECT_EQ(ran_["setup"], 1) << "another variant is another text";
}

TEST_F(SharingTest, ACopyThatIsBrokenInAFixAloneBeginsWithItsFixes) {
    const CellResult first = run("left", 1, true);
    world_["oil"] = [](FakeState&) { return fake_result(0); };
    const CellResult second = run("left", 1, true);
    EXPECT_EQ(second.verdict, Verdict::FixFailed);
    EXPECT_EQ(ran_["probe"], 1) << "that of the fix";
    ASSERT_EQ(second.arms.size(), first.arms.size());
    for (std::size_t i = 0; i + 1 < first.arms.size(); ++i) {
        EXPECT_EQ(second.arms[i].id, first.arms[i].id);
        for (const Step& step : second.arms[i].steps) EXPECT_EQ(step.shared, "left") << step.what;
    }
    EXPECT_EQ(run("left", 1, false).verdict, Verdict::FixFailed);
    EXPECT_GT(ran_["probe"], 1) << "no cell of a run of its own takes that from others";
}

TEST_F(SharingTest, CopiesWithoutASetUpShareTheTriggerAndNotAnothersProbe) {
    std::string text = read_file(door() / "case.json");
    const std::string setup = R"("setup": "setup.sh", )";
    write_file(door() / "case.json", text.erase(text.find(setup), setup.size()));
    world_["trigger"] = [this](FakeState& door) {
        EXPECT_FALSE(door.contains("probed")) << "another copy's probe comes after it";
        return ++ran_["trigger"], door.insert("swollen"), fake_result(0);
    };
    const auto probe = world_["probe"];
    world_["probe"] = [probe](FakeState& door) { return door.insert("probed"), probe(door); };
    EXPECT_EQ(run("left", 2, true).verdict, Verdict::Fixed);
    write_script("probe", "# another");
    EXPECT_EQ(run("left", 1, true).verdict, Verdict::Fixed);
    EXPECT_EQ(ran_["trigger"], 0);
}

TEST_F(SharingTest, ACopyWhoseGuestCannotBeSavedBeginsWithItsFixesToo) {
    can_save_ = false;
    EXPECT_EQ(run("left", 1, true).verdict, Verdict::Fixed);
    world_["oil"] = [](FakeState&) { return fake_result(0); };
    EXPECT_EQ(run("left", 1, true).verdict, Verdict::FixFailed);
    EXPECT_EQ(ran_["setup"], 1);
    EXPECT_EQ(ran_["probe"], 2) << "that of the failing state, come to again, and that of the fix";
}

TEST_F(SharingTest, ACopyWhoseFailureIsJudgedOtherwiseSeesForItself) {
    EXPECT_EQ(run("left", 5, true).verdict, Verdict::Fixed);
    const std::string document = read_file(door() / "case.json");
    const auto with = [&](const std::string& old, const std::string& changed) {
        std::string text = document;
        text.replace(text.find(old), old.size(), changed);
        write_file(door() / "case.json", text);
    };
    with("it sticks", "it squeaks");
    EXPECT_EQ(run("left", 5, true).verdict, Verdict::DifferentFailure);
    write_script("hinge", "");
    with("\"fixes\"", R"("evidence": [{ "shows": { "script": "hinge.sh", "output": "rust" } }], "fixes")");
    EXPECT_EQ(run("left", 5, true).verdict, Verdict::DifferentFailure);
    write_file(door() / "case.json", document);
    write_script("restart", ": # another");
    world_["restart"] = [](FakeState& door) { return door.erase("swollen"), fake_result(0); };
    EXPECT_EQ(run("left", 5, true).verdict, Verdict::SelfHealed);
}

TEST_F(SharingTest, AHealthyArmThatDoesNotKnowTheVariantIsRunOnce) {
    name_the_variant_in("trigger");
    EXPECT_EQ(run("left").verdict, Verdict::Fixed);
    EXPECT_EQ(ran_["setup"], 1);
    const CellResult second = run("right", 0);
    EXPECT_EQ(second.verdict, Verdict::Fixed) << second.because;
    EXPECT_EQ(ran_["setup"], 0);
    EXPECT_EQ(ran_["trigger"], 1);
    const Arm& healthy = arm(second, "healthy");
    EXPECT_TRUE(healthy.held);
    EXPECT_EQ(step(healthy, "setup").shared, "left");
    EXPECT_EQ(step(healthy, "probe").out, "it opens\n");
    EXPECT_EQ(step(arm(second, "failing"), "trigger").shared, "") << "it names the variant";
}

TEST_F(SharingTest, WhatKnowsTheVariantIsRunForEach) {
    for (const char* name : {"setup", "trigger", "probe"}) name_the_variant_in(name);
    run("left");
    const CellResult second = run("right");
    EXPECT_EQ(ran_["setup"], 1);
    EXPECT_EQ(ran_["trigger"], 1);
    EXPECT_EQ(step(arm(second, "healthy"), "setup").shared, "");
}

TEST_F(SharingTest, ATriggerThatDoesNotKnowTheVariantIsRunOnceAndBeforeAnyProbe) {
    name_the_variant_in("probe");
    world_["probe"] = [this, probe = world_["probe"]](FakeState& door) {
        const ScriptResult result = probe(door);
        if (!door.contains("swollen")) door.insert("touched while it was healthy");
        return door.contains("swollen") && door.contains("touched while it was healthy") &&
                       ran_["trigger"] == 0
                   ? fake_result(1, "somebody was here\n")
                   : result;
    };
    EXPECT_EQ(run("left").verdict, Verdict::Fixed);
    const CellResult second = run("right", 0);
    EXPECT_EQ(ran_["setup"], 0);
    EXPECT_EQ(ran_["trigger"], 0);
    EXPECT_EQ(second.verdict, Verdict::Fixed) << second.because;
    EXPECT_EQ(step(arm(second, "failing"), "trigger").shared, "left");
    EXPECT_EQ(step(arm(second, "healthy"), "probe").shared, "") << "it names the variant";
}

TEST_F(SharingTest, WhatASharedTriggerSaidIsSaidOfEveryVariant) {
    name_the_variant_in("probe");
    world_["probe"] = [](FakeState&) { return fake_result(0); };
    world_["trigger"] = [this](FakeState& door) {
        ++ran_["trigger"];
        door.insert("swollen");
        return fake_result(0, "::because the door is of steel\n::side-effect it squeaks\n");
    };
    run("left");
    const CellResult second = run("right", 0);
    EXPECT_EQ(ran_["trigger"], 0);
    EXPECT_EQ(second.verdict, Verdict::Immune);
    EXPECT_EQ(second.because, "the door is of steel");
    EXPECT_EQ(arm(second, "failing").notes, (std::vector<std::string>{"side effect: it squeaks"}));
}

TEST_F(SharingTest, AFormerSavesTroubleIsNotThisCells) {
    for (const char* name : {"setup", "trigger"}) name_the_variant_in(name);
    states_ = SharedStates(60);
    can_save_ = false;
    double seconds = 100;
    world_["setup"] = [&seconds](FakeState&) {
        ScriptResult result = fake_result(0);
        result.seconds = seconds;
        return result;
    };
    EXPECT_FALSE(arm(run("left", 0), "control").notes.empty());
    seconds = 1;  // not worth a save any more
    EXPECT_TRUE(arm(run("right", 0), "control").notes.empty());
}

TEST_F(SharingTest, AFailureOfTheHealthyArmIsEachCellsOwn) {
    name_the_variant_in("trigger");
    world_["probe"] = [](FakeState&) { return fake_result(1, "it sticks\n"); };
    EXPECT_EQ(run("left").verdict, Verdict::Unhealthy);
    const CellResult second = run("right");
    EXPECT_EQ(second.verdict, Verdict::Unhealthy);
    EXPECT_EQ(step(arm(second, "healthy"), "probe").shared, "");
}

// What a trigger leaves anywhere on the disk is still its own variant's after the reboot.
TEST_F(SharingTest, ARebootIsEachCellsOwn) {
    for (const char* hand : {"left", "right"}) {
        write_script("trigger", "# " + std::string("$VARIANT_HAND"));
        std::set<std::string> after_reboot;
        world_["trigger"] = [hand](FakeState& door) {
            return door.insert("swollen"), door.insert(std::string("mark of ") + hand), fake_result(0);
        };
        world_["restart"] = [&](FakeState& door) {
            for (const auto& word : door)
                if (door.contains("rebooted") && word.starts_with("mark of ")) after_reboot.insert(word);
            return fake_result(0);
        };
        EXPECT_EQ(run(hand, 1'000'000).verdict, Verdict::Fixed);
        EXPECT_EQ(after_reboot, std::set<std::string>{std::string("mark of ") + hand});
    }
}

TEST_F(SharingTest, NothingIsTakenFromAnotherImage) {
    name_the_variant_in("trigger");
    run("left");
    image_.name = "barn";
    EXPECT_EQ(step(arm(run("right"), "healthy"), "setup").shared, "");
    over_ = "attic";
    EXPECT_EQ(step(arm(run("right"), "healthy"), "setup").shared, "") << "nor from what lies over it";
}

TEST_F(SharingTest, NothingIsTakenFromOtherScripts) {
    name_the_variant_in("trigger");
    for (const char* name : {"setup", "took", "probe"}) {
        run("left");
        write_script(name, "# another");
        const CellResult second = run("right");
        EXPECT_EQ(step(arm(second, "healthy"), "probe").shared, "") << name;
    }
}

TEST_F(SharingTest, NothingIsTakenFromAnotherTrigger) {
    name_the_variant_in("probe");
    run("left");
    write_script("trigger", "# another");
    const CellResult second = run("right");
    EXPECT_EQ(step(arm(second, "failing"), "trigger").shared, "");
    EXPECT_EQ(ran_["trigger"], 1);
}

// A name that a script puts together, as by eval, is in no text: so it has to name what it wants to have.
TEST_F(SharingTest, AScriptHasWhatItNamesOfTheVariantAndNothingElse) {
    const Case subject = load_case(door(), door_facts);
    const Cell cell{.subject = subject,
                    .image = image_,
                    .facts = {},
                    .variant = {{"hand", "left"}, {"foot", "right"}},
                    .library = "true"};
    write_script("trigger", "hand=HAND; eval \"echo \\$VARIANT_$hand\"");
    EXPECT_TRUE(same_for_every_variant(cell, "trigger.sh"));
    EXPECT_EQ(script_text(cell, "trigger.sh").find("export VARIANT_"), std::string::npos);
    name_the_variant_in("trigger");
    EXPECT_FALSE(same_for_every_variant(cell, "trigger.sh"));
    EXPECT_NE(script_text(cell, "trigger.sh").find("export VARIANT_HAND='left'\n"), std::string::npos);
    EXPECT_EQ(script_text(cell, "trigger.sh").find("export VARIANT_FOOT"), std::string::npos);
    Cell other = cell;
    other.library = "foot() { echo \"$VARIANT_FOOT\"; }";
    write_script("trigger", "foot");
    EXPECT_FALSE(same_for_every_variant(other, "trigger.sh")) << "the library's words are the script's";
}

TEST_F(SharingTest, AScriptThatWantsWhatItDoesNotNameFails) {
    const Case subject = load_case(door(), door_facts);
    const Cell cell{
        .subject = subject, .image = image_, .facts = {}, .variant = {{"hand", "left"}}, .library = "true"};
    LocalGuest guest;
    write_script("trigger", "hand=HAND; eval \"echo \\$VARIANT_$hand\"; exit 0");
    EXPECT_NE(guest.run({.text = script_text(cell, "trigger.sh")}).exit, 0);
    write_script("trigger", "echo $VARIANT_HAND; exit 0");
    EXPECT_EQ(guest.run({.text = script_text(cell, "trigger.sh")}).out, "left\n");
}

TEST_F(SharingTest, NothingIsSavedForNobody) {
    name_the_variant_in("trigger");
    run("left", 0);
    run("right", 0);
    EXPECT_EQ(ran_["setup"], 1);
}

TEST_F(SharingTest, TheFailingStateIsSaved) {
    const CellResult result = run("left");
    ASSERT_TRUE(result.failing_state);
    EXPECT_TRUE(result.failing_state->saved);
    EXPECT_EQ(result.failing_state->starts, 1);
    EXPECT_EQ(ran_["trigger"], 1);
}

TEST_F(SharingTest, WhereSavingCostsMoreTheTriggerIsRunAgain) {
    states_ = SharedStates(60);
    const CellResult result = run("left");
    EXPECT_EQ(result.verdict, Verdict::Fixed) << result.because;
    ASSERT_TRUE(result.failing_state);
    EXPECT_FALSE(result.failing_state->saved);
    EXPECT_EQ(result.failing_state->save_seconds, 60);
    EXPECT_EQ(ran_["trigger"], 2);
    EXPECT_EQ(step(arm(result, "fix:oil"), "probe after trigger again").out, "it sticks\n");
}

TEST_F(SharingTest, WithoutSpaceTheRunGoesOnWithoutTheSavedState) {
    can_save_ = false;
    const CellResult result = run("left");
    EXPECT_EQ(result.verdict, Verdict::Fixed) << result.because;
    EXPECT_FALSE(result.failing_state->saved);
    EXPECT_EQ(arm(result, "control").notes,
              (std::vector<std::string>{"set-up and trigger are run again for each fix: no space left"}));
}

TEST_F(SharingTest, ATriggerThatFailsOnlyOnceProvesNothing) {
    can_save_ = false;
    world_["trigger"] = [this](FakeState& door) {
        if (++ran_["trigger"] == 1) door.insert("swollen");
        return fake_result(0);
    };
    const CellResult result = run("left");
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_EQ(result.because, "the trigger, run again, does not put the fault in place: ");
}

}  // namespace
}  // namespace clamproof
