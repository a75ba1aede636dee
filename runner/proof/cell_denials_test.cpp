#include <gtest/gtest.h>

#include <utility>

#include "proof/cell_run.h"
#include "proof/fake_door_test.h"
#include "support/files.h"

namespace clamproof {
namespace {

// A door in a house that SELinux guards. Whatever is refused is refused to clamd, and port 1505 is what the
// case documents.
class CellDenialsTest : public testing::Test {
  protected:
    CellDenialsTest() : folder_(testing::TempDir(), "cell-denials-"), world_(honest_world()) {
        write_door(folder_.path() / "door");
        set_evidence(R"({ "denial": { "comm": "clamd", "port": "1505" } })");
        image_.name = "house";
        image_.lsm = "selinux";
        image_.clamd["confinement"] = "clamd_t";
        world_["exec /usr/lib/clamproof/state"] = [](FakeState&) {
            return fake_result(0, "lsm=selinux\nenforcing=yes\nclamd_pid=1\nconfinement=clamd_t\n");
        };
        world_["trigger"] = [](FakeState& door) {
            deny_port(door, 1505);
            return door.insert("swollen"), fake_result(0);
        };
    }

    void set_evidence(const std::string& evidence) {
        std::string text = door_json;
        text.insert(text.find("\"fixes\""), "\"evidence\": [ " + evidence + " ], ");
        write_file(folder_.path() / "door/case.json", text);
    }

    // As honest_world() restarts it, and something besides.
    void at_each_restart(std::function<void(FakeState&)> what) {
        world_["restart"] = [what = std::move(what)](FakeState& door) {
            what(door);
            return door.erase("in memory: kicked"), fake_result(0);
        };
    }

    CellResult run() {
        SharedStates states;
        return run({.states = states});
    }

    CellResult run(const Sharing& sharing) {
        const Case subject = load_case(folder_.path() / "door", door_facts);
        const Cell cell{.subject = subject,
                        .image = image_,
                        .facts = {{"lsm", "selinux"}},
                        .variant = {},
                        .library = "true"};
        FakeGuests guests(world_);
        return run_cell(cell, guests, sharing, [](const CellProgress&) {},
                        {.evidence = folder_.path() / "evidence"});
    }

    TempDir folder_;
    ImageDefinition image_;
    FakeScripts world_;
};

TEST_F(CellDenialsTest, TheDocumentedDenialReproducesIt) {
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::Fixed) << result.because;
    ASSERT_EQ(arm(result, "failing").denials.size(), 1U);
    EXPECT_EQ(arm(result, "failing").denials[0].port_text(), "1505");
}

TEST_F(CellDenialsTest, ADenialOfAnotherPortDoesNot) {
    world_["trigger"] = [](FakeState& door) {
        deny_port(door, 1506);
        return door.insert("swollen"), fake_result(0);
    };
    EXPECT_EQ(run().verdict, Verdict::DifferentFailure);
}

TEST_F(CellDenialsTest, AFixWithWhichTheRestartIsStillRefusedDoesNotCure) {
    at_each_restart([](FakeState& door) {
        if (door.contains("oiled")) deny_port(door, 1505);
    });
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::FixFailed) << "the denial is on the way to the cure";
    EXPECT_EQ(
        arm(result, "fix:oil").seen,
        "probe after second apply: it passes, but there still is a denial comm=clamd port=1505, 1 times");
    EXPECT_FALSE(arm(result, "fix:oil").denials.empty());
}

TEST_F(CellDenialsTest, AFixWhoseApplyIsRefusedDoesNotCure) {
    world_["oil"] = [](FakeState& door) {
        return deny_port(door, 1505), door.insert("oiled"), fake_result(0);
    };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_NE(arm(result, "fix:oil").seen.find("probe after apply: it passes, but there still is a denial"),
              std::string::npos);
}

TEST_F(CellDenialsTest, AProbeThatPassesAndIsRefusedSomethingDoesNotCure) {
    world_["probe"] = [probe = world_["probe"]](FakeState& door) {
        if (door.contains("oiled")) deny_port(door, 1505);
        return probe(door);
    };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_NE(arm(result, "fix:oil").seen.find("probe after apply: it passes, but there still is a denial"),
              std::string::npos);
}

TEST_F(CellDenialsTest, ARestartBeforeTheFirstProbeThatIsRefusedSomethingDoesNotCure) {
    const fs::path file = folder_.path() / "door/case.json";
    std::string text = read_file(file);
    write_file(file, text.insert(text.find("\"survives\""), "\"takes_effect\": \"after-restart\", "));
    at_each_restart([](FakeState& door) {
        if (door.contains("oiled")) deny_port(door, 1505);
    });
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_NE(arm(result, "fix:oil").seen.find("probe after restart: it passes, but there still is a denial"),
              std::string::npos);
}

TEST_F(CellDenialsTest, ARestartAfterTheRebootThatIsRefusedSomethingDoesNotCure) {
    at_each_restart([](FakeState& door) {
        if (door.contains("oiled") && door.contains("rebooted")) deny_port(door, 1505);
    });
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_NE(arm(result, "fix:oil").seen.find("probe after reboot: it passes, but there still is a denial"),
              std::string::npos);
}

TEST_F(CellDenialsTest, ARebootThatIsRefusedSomethingDoesNotCure) {
    world_["boot"] = [](FakeState& door) { return deny_port(door, 1505), fake_result(0); };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::FixFailed);
    EXPECT_NE(arm(result, "fix:oil").seen.find("probe after reboot: it passes, but there still is a denial"),
              std::string::npos);
}

TEST_F(CellDenialsTest, WhatTheHealthyGuestShowsIsItsBackground) {
    set_evidence(R"({ "no_denial": { "comm": "clamd" } })");
    world_["probe"] = [probe = world_["probe"]](FakeState& door) {
        return deny_port(door, 111), probe(door);
    };
    world_["trigger"] = [](FakeState& door) { return door.insert("swollen"), fake_result(0); };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::Fixed) << result.because;
    EXPECT_EQ(arm(result, "healthy").denials.size(), 1U);
    EXPECT_EQ(arm(result, "healthy").notes,
              std::vector<std::string>{
                  "1 kind of denials the guest shows anyway: they prove and disprove nothing"});
}

TEST_F(CellDenialsTest, ASharedHealthyGuestHasItsBackground) {
    set_evidence(R"({ "no_denial": { "comm": "clamd" } })");
    int probes = 0;
    world_["probe"] = [&, probe = world_["probe"]](FakeState& door) {
        return ++probes, deny_port(door, 111), probe(door);
    };
    world_["trigger"] = [](FakeState& door) { return door.insert("swollen"), fake_result(0); };
    SharedStates states;
    const Sharing sharing{.states = states, .siblings = 1, .same_variant = true};
    EXPECT_EQ(run(sharing).verdict, Verdict::Fixed);
    const int probes_of_the_first = std::exchange(probes, 0);
    const CellResult second = run(sharing);
    EXPECT_LT(probes, probes_of_the_first) << "its healthy arm is the first's";
    EXPECT_EQ(second.verdict, Verdict::Fixed) << second.because;
    EXPECT_EQ(arm(second, "healthy").denials.size(), 1U);
}

TEST_F(CellDenialsTest, TheBackgroundProvesNothing) {
    world_["probe"] = [probe = world_["probe"]](FakeState& door) {
        return deny_port(door, 1505), probe(door);
    };
    EXPECT_EQ(run().verdict, Verdict::DifferentFailure)
        << "the documented denial is there before the trigger";
}

TEST_F(CellDenialsTest, BeyondItsBackgroundADenialCounts) {
    set_evidence(R"({ "no_denial": { "comm": "clamd" } })");
    world_["probe"] = [probe = world_["probe"]](FakeState& door) {
        return deny_port(door, 111), probe(door);
    };
    EXPECT_EQ(run().verdict, Verdict::DifferentFailure) << "port 1505 is not of the background";
}

TEST_F(CellDenialsTest, LostRecordsAreNoAbsenceOfDenials) {
    world_["oil"] = [](FakeState& door) {
        return door.insert("lost 7"), door.insert("oiled"), fake_result(0);
    };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_NE(result.because.find("the kernel lost audit records (7, and 0 at its beginning)"),
              std::string::npos)
        << result.because;
}

TEST_F(CellDenialsTest, AnAuditdThatWasKilledIsNoAbsenceOfDenials) {
    world_["oil"] = [](FakeState& door) {
        return door.insert("auditd 977"), door.insert("oiled"), fake_result(0);
    };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_NE(result.because.find("another auditd runs than at its beginning"), std::string::npos)
        << result.because;
}

TEST_F(CellDenialsTest, AuditingThatIsNotToldOfIsNoAbsenceOfDenials) {
    world_["oil"] = [](FakeState& door) {
        return door.insert("auditing is not told of"), door.insert("oiled"), fake_result(0);
    };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_NE(result.because.find("the guest does not tell the state of auditing"), std::string::npos)
        << result.because;
}

TEST_F(CellDenialsTest, AfterARebootAnotherAuditdCountsAnew) {
    world_["boot"] = [](FakeState& door) { return door.insert("auditd 977"), fake_result(0); };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::Fixed) << result.because;
    world_["boot"] = [](FakeState& door) { return door.insert("lost 7"), fake_result(0); };
    EXPECT_EQ(run().verdict, Verdict::InfraError) << "none may be lost since";
}

TEST_F(CellDenialsTest, AGuestThatCannotTellItsStateIsAnInfraError) {
    world_["exec /usr/lib/clamproof/state"] = [](FakeState&) {
        return ScriptResult{.exit = 1, .out = "", .err = "no idea"};
    };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_EQ(result.because, "house: the guest cannot tell its state: no idea");
}

TEST_F(CellDenialsTest, ALogThatWasReplacedIsNoAbsenceOfDenials) {
    world_["oil"] = [](FakeState& door) {
        std::erase_if(door, [](const std::string& word) { return word.starts_with("log "); });
        return door.insert("oiled"), fake_result(0);
    };
    const CellResult result = run();
    EXPECT_EQ(result.verdict, Verdict::InfraError);
    EXPECT_NE(result.because.find("the mark is gone"), std::string::npos) << result.because;
}

TEST(WithoutBackground, NumberedProcessesAreTheSame) {
    const auto refused = [](const std::string& path) {
        Denial denial;
        denial.lsm = "apparmor";
        denial.path = path;
        return denial;
    };
    const auto left =
        without_background({refused("/proc/977/mountinfo"), refused("/proc/977/maps"), refused("/srv/app")},
                           {refused("/proc/412/mountinfo"), refused("/proc/self/maps")});
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[0].path, "/proc/977/maps");
    EXPECT_EQ(left[1].path, "/srv/app");
}

}  // namespace
}  // namespace clamproof
