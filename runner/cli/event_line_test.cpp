#include "cli/event_line.h"

#include <gtest/gtest.h>

#include <vector>

#include "reports/sample_test.h"

namespace clamproof {
namespace {

const CellId ports{.image = "debian", .case_id = "ports", .variant = {{"session", "cron"}}};

ImageReady ready() {
    ImageReady ready;
    ready.image.name = "debian";
    ready.seconds = 3.25;
    return ready;
}

std::string line(const Event& event) {
    return event_line(event, Colour::Never);
}

TEST(EventLine, each_kind_reads_as_a_line) {
    EXPECT_EQ(line(BuildStep{.image = "debian", .step = "installing packages"}),
              "debian: building: installing packages");
    EXPECT_EQ(line(BuildStep{.image = "debian", .step = "installing packages", .fraction = 0.426}),
              "debian: building: installing packages, 43 %");
    EXPECT_EQ(line(ready()), "debian: ready (3.2 s)");
    EXPECT_EQ(line(ImageFailed{.image = "debian", .why = "no network", .seconds = 3.25}),
              "debian: no network (3.2 s)");
    EXPECT_EQ(
        line(PackagesRefused{.image = "debian", .why = "dpkg: error", .without = ready(), .seconds = 1}),
        "debian: dpkg: error (1.0 s)");

    EXPECT_EQ(line(CellStarted{.cell = ports}), "debian ports cron: started");
    EXPECT_EQ(line(ArmStarted{.cell = ports, .arm = ArmId::failing()}),
              "debian ports cron: failing: started");
    EXPECT_EQ(line(StepStarted{.cell = ports, .arm = ArmId::failing(), .step = "probe"}),
              "debian ports cron: failing: probe");
    ArmEnded ended{
        .cell = ports, .arm = ArmId::failing(), .held = false, .seen = "it passed", .seconds = 3.25};
    EXPECT_EQ(line(ended), "debian ports cron: failing: did not hold: it passed (3.2 s)");
    ended.held = true;
    EXPECT_EQ(line(ended), "debian ports cron: failing: held (3.2 s)");
    EXPECT_EQ(line(Message{.text = "it passed"}), "it passed");
}

TEST(EventLine, what_was_only_observed_is_held_against_nothing) {
    CellObserved seen{
        .cell = ports, .verdict = Verdict::Immune, .because = "too old", .silent_misses = 0, .seconds = 2};
    EXPECT_EQ(line(seen), "ok    debian ports cron: immune: too old (2.0 s)");
    seen.verdict = Verdict::InfraError;
    seen.silent_misses = 1;
    EXPECT_EQ(line(seen), "ERROR debian ports cron: infra-error: too old (2.0 s)  SILENT MISS, 1 time");
}

TEST(EventLine, an_ended_cell_tells_its_verdict) {
    CellEnded event;
    event.cell = sample_failed_cell();
    EXPECT_EQ(line(event),
              "FAIL  debian-12-selinux selinux-stream-ports initscript/cron: fix-failed, expected fixed: the "
              "probe failed "
              "again: Can't find any free port (12.2 s)  SILENT MISS, 1 time");
    event.cell = sample_run().results[0];
    EXPECT_EQ(line(event), "ok    debian-12-selinux stale-pid-file: fixed (4.8 s)  silent miss, 1 time");
    event.cell = sample_run().results[4];
    EXPECT_EQ(line(event),
              "skip  debian-12-apparmor selinux-stream-ports puppet: skipped: the guest has no puppet");
    event.cell = sample_run().results[7];
    EXPECT_EQ(line(event),
              "ERROR alpine clamd-tmpdir: infra-error, expected fixed: while restoring alpine: the guest "
              "gave no answer "
              "within 30 s; see clamproof doctor (4.8 s)");
}

TEST(EventLine, guest_text_is_harmless) {
    const std::string bad = hostile_text();
    const CellId cell{.image = bad, .case_id = bad, .variant = {{bad, bad}}};
    const ArmId arm = ArmId::fix(bad);
    ImageReady hostile = ready();
    hostile.image.name = bad;
    for (const Event& event : std::vector<Event>{
             BuildStep{.image = bad, .step = bad}, hostile, ImageFailed{.image = bad, .why = bad},
             PackagesRefused{.image = bad, .why = bad, .without = hostile}, CellStarted{.cell = cell},
             ArmStarted{.cell = cell, .arm = arm}, StepStarted{.cell = cell, .arm = arm, .step = bad},
             ArmEnded{.cell = cell, .arm = arm, .held = false, .seen = bad},
             CellEnded{.cell = hostile_cell()}, SurvivalEnded{.cell = hostile_cell(), .fixes = {}},
             CellObserved{.cell = cell, .verdict = Verdict::Fixed, .because = bad}, Message{.text = bad}})
        for (const char c : line(event)) EXPECT_FALSE(c >= 0 && c < ' ') << event.index();
}

}  // namespace
}  // namespace clamproof
