#include "proof/fix_survival.h"

#include <gtest/gtest.h>

#include "proof/fake_door_test.h"

namespace clamproof {
namespace {

class FixSurvivalTest : public testing::Test {
  protected:
    FixSurvivalTest() : folder_(testing::TempDir(), "fix-survival-") {
        write_door(folder_.path() / "door");
        image_.name = "house";
        image_.lsm = "none";
    }

    // What the upgrade does to the door, and how the package manager ends.
    Survival survive(const std::function<void(FakeState&)>& upgrade, int exit = 0) {
        FakeScripts world = honest_world();
        world["restart"] = [](FakeState& door) {
            if (door.erase("opened by the package manager") != 0) door.insert("swollen");
            return fake_result(0);
        };
        world["upgrade"] = [=, this](FakeState& door) {
            upgrade(door);
            ScriptResult done = fake_result(exit, "unpacking the door\n");
            done.timed_out = too_late_;
            return done;
        };
        if (no_cure_) world["oil"] = [](FakeState&) { return fake_result(0); };
        FakeGuests guests(world);
        const Case subject = load_case(folder_.path() / "door", door_facts);
        const Cell cell{.subject = subject, .image = image_, .facts = {}, .variant = {}, .library = ""};
        return run_fix_survival(
            cell, guests, [](Guest& guest) { return guest.run({.text = "upgrade"}); },
            [](const CellProgress&) {}, folder_.path() / "evidence");
    }

    bool no_cure_ = false;
    bool too_late_ = false;

  private:
    clamproof::TempDir folder_;
    ImageDefinition image_;
};

TEST_F(FixSurvivalTest, AFixThatIsLeftAloneSurvives) {
    const Survival survival = survive([](FakeState&) {});
    const CellResult& result = survival.cell;
    EXPECT_EQ(result.verdict, Verdict::Fixed);
    ASSERT_EQ(result.arms.size(), 1U);  // the kick promises nothing
    EXPECT_TRUE(arm(result, "fix:oil").held);
    ASSERT_EQ(survival.fixes.size(), 1U);
    EXPECT_EQ(survival.fixes[0].fate, Fate::Survived);
    EXPECT_EQ(step(result.arms[0], "upgrade").out, "unpacking the door\n");
}

TEST_F(FixSurvivalTest, AFixThatTheUpgradeTakesAwayIsLost) {
    const Survival survival = survive([](FakeState& door) { door.erase("oiled"); });
    const CellResult& result = survival.cell;
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_EQ(arm(result, "fix:oil").seen, "after the upgrade it fails again: it sticks");
    EXPECT_EQ(step(result.arms[0], "probe before the upgrade").exit, 0);
    EXPECT_EQ(survival.fixes.at(0).fate, Fate::Lost);
    EXPECT_EQ(survival.fixes.at(0).why, "after the upgrade it fails again: it sticks");
    EXPECT_EQ(result.arms[0].artifacts.size(), 1U);
}

TEST_F(FixSurvivalTest, AFixThatNeverCuredIsNotUpgraded) {
    no_cure_ = true;
    const Survival survival = survive([](FakeState&) {});
    const CellResult& result = survival.cell;
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_EQ(arm(result, "fix:oil").seen, "it does not cure before the upgrade either: it sticks");
    EXPECT_THROW(step(result.arms[0], "upgrade"), std::runtime_error);
    EXPECT_EQ(survival.fixes.at(0).fate, Fate::NoCure);
}

TEST_F(FixSurvivalTest, PackagesThatDoNotInstallOverAFixAreTold) {
    const Survival survival = survive([](FakeState&) {}, 100);
    const CellResult& result = survival.cell;
    EXPECT_EQ(arm(result, "fix:oil").seen,
              "on a guest with this fix the packages do not install: unpacking the door");
}

TEST_F(FixSurvivalTest, AnInstallationThatTookTooLongSaysNothingOfTheFix) {
    too_late_ = true;
    const Survival survival = survive([](FakeState&) {}, 124);
    EXPECT_EQ(survival.cell.verdict, Verdict::InfraError);
    EXPECT_TRUE(survival.fixes.empty());
}

// The package's scripts start it in a way by which nothing fails, whatever became of the fix.
TEST_F(FixSurvivalTest, AFixSurvivesOnlyARestartByTheCase) {
    const Survival survival = survive([](FakeState& door) {
        door.erase("oiled");
        door.erase("swollen");
        door.insert("opened by the package manager");
    });
    EXPECT_EQ(survival.cell.verdict, Verdict::FixFailed) << "the fix is lost";
}

TEST_F(FixSurvivalTest, ALostGuestSaysNothingOfTheFix) {
    const Survival survival = survive([](FakeState&) { throw GuestLost("the house is gone"); });
    const CellResult& result = survival.cell;
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_EQ(result.because, "the house is gone");
    EXPECT_TRUE(survival.fixes.empty());
}

}  // namespace
}  // namespace clamproof
