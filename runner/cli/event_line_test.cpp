#include "cli/event_line.h"

#include <gtest/gtest.h>

#include "reports/sample_test.h"

namespace clamproof {
namespace {

Event event_of(EventKind kind) {
    Event event;
    event.kind = kind;
    event.image = "debian";
    event.case_id = "ports";
    event.variant = {{"session", "cron"}};
    event.arm = "failing";
    event.step = "probe";
    event.text = "it passed";
    event.seconds = 3.25;
    return event;
}

std::string line(const Event& event) {
    return event_line(event, Colour::Never);
}

TEST(EventLine, each_kind_reads_as_a_line) {
    Event build = event_of(EventKind::BuildStep);
    build.case_id = "";
    build.variant = {};
    build.step = "installing packages";
    EXPECT_EQ(line(build), "debian: building: installing packages");
    build.fraction = 0.426;
    EXPECT_EQ(line(build), "debian: building: installing packages, 43 %");
    build.kind = EventKind::BuildEnded;
    build.text = "";
    EXPECT_EQ(line(build), "debian: ready (3.2 s)");
    build.text = "no network";
    EXPECT_EQ(line(build), "debian: no network (3.2 s)");

    EXPECT_EQ(line(event_of(EventKind::CellStarted)), "debian ports cron: started");
    EXPECT_EQ(line(event_of(EventKind::ArmStarted)), "debian ports cron: failing: started");
    EXPECT_EQ(line(event_of(EventKind::StepStarted)), "debian ports cron: failing: probe");
    Event ended = event_of(EventKind::ArmEnded);
    EXPECT_EQ(line(ended), "debian ports cron: failing: did not hold: it passed (3.2 s)");
    ended.held = true;
    EXPECT_EQ(line(ended), "debian ports cron: failing: held (3.2 s)");
    EXPECT_EQ(line(event_of(EventKind::Message)), "it passed");
}

TEST(EventLine, an_ended_cell_tells_its_verdict) {
    Event event = event_of(EventKind::CellEnded);
    event.cell = sample_failed_cell();
    EXPECT_EQ(line(event),
              "FAIL  debian-12-selinux selinux-stream-ports initscript/cron: fix-failed, expected fixed: the "
              "probe failed "
              "again: Can't find any free port (12.2 s)  SILENT MISS, 1 time");
    event.cell = sample_run().results[0];
    EXPECT_EQ(line(event), "ok    debian-12-selinux stale-pid-file: fixed (4.8 s)");
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
    for (const EventKind kind :
         {EventKind::BuildStep, EventKind::BuildEnded, EventKind::NotInstallable, EventKind::ArmEnded,
          EventKind::StepStarted, EventKind::Message, EventKind::CellEnded}) {
        Event event = event_of(kind);
        event.image = event.case_id = event.arm = event.step = event.text = hostile_text();
        event.cell = hostile_cell();
        for (const char c : line(event)) EXPECT_FALSE(c >= 0 && c < ' ') << to_string(kind);
    }
}

}  // namespace
}  // namespace clamproof
