#include "cli/live_table.h"

#include <gtest/gtest.h>

#include <vector>

#include "reports/sample_test.h"

namespace clamproof {
namespace {

using Lines = std::vector<std::string>;

CellId table_cell(const std::string& case_id) {
    return {.image = "debian", .case_id = case_id};
}

Event started(const std::string& case_id) {
    return CellStarted{.cell = table_cell(case_id)};
}

Event restoring() {
    return BuildStep{.image = "debian", .step = "restoring"};
}

TEST(LiveTable, shows_nothing_before_anything_has_begun) {
    const LiveTable table(5, Colour::Never);
    EXPECT_EQ(table.rows({}, 1), Lines());
}

TEST(LiveTable, shows_every_arm_that_runs) {
    LiveTable table(4, Colour::Never);
    table.apply(started("ports"), 1);
    EXPECT_EQ(table.rows({}, 3), (Lines{"0 of 4 done in 3.0 s: 0 ok", "2 s  debian  ports  "}));
    table.apply(ArmStarted{.cell = table_cell("ports"), .arm = ArmId::control()}, 4);
    table.apply(ArmStarted{.cell = table_cell("ports"), .arm = ArmId::fix("label")}, 4);
    table.apply(
        StepStarted{.cell = table_cell("ports"), .arm = ArmId::fix("label"), .step = "probe after reboot"},
        6);
    EXPECT_EQ(table.rows({}, 16.9), (Lines{"0 of 4 done in 16.0 s: 0 ok", "13 s  debian  ports  control    ",
                                           "11 s  debian  ports  fix:label  probe after reboot"}));
    table.apply(ArmEnded{.cell = table_cell("ports"), .arm = ArmId::control(), .held = true, .seen = ""}, 17);
    EXPECT_EQ(table.rows({}, 17).size(), 2U);
}

TEST(LiveTable, what_ended_scrolls_away_and_is_counted) {
    LiveTable table(0, Colour::Never);
    const RunResults run = sample_run();
    for (const CellResult& one : run.results) table.apply(CellStarted{.cell = one.id()}, 0);
    for (const CellResult& one : run.results) table.apply(CellEnded{.cell = one}, 65);
    const Lines finished = table.take_finished();
    ASSERT_EQ(finished.size(), 6U);
    EXPECT_EQ(finished[0], "ok    debian-12-selinux stale-pid-file: fixed (4.8 s)  silent miss, 1 time");
    EXPECT_EQ(table.take_finished(), Lines());
    EXPECT_EQ(table.rows({}, 65),
              Lines{"9 done in 1 min 05 s: 1 ok, 1 known, 3 FAIL, 1 ERROR, 3 skipped, 2 SILENT MISS"});
}

TEST(LiveTable, tells_how_long_it_will_still_take) {
    LiveTable table(2, Colour::Never, Estimate({{table_cell("ports"), 90}, {table_cell("leak"), 30}}, 2));
    table.apply(restoring(), 0);
    EXPECT_EQ(table.rows({}, 1).front(), "0 of 2 done in 1.0 s: 0 ok");
    table.apply(started("ports"), 10);
    EXPECT_EQ(table.rows({}, 20).front(), "0 of 2 done in 20.0 s: 0 ok; about 1 min 20 s left");
    EXPECT_EQ(table.rows({}, 99.5).front(), "0 of 2 done in 1 min 39 s: 0 ok; about 30.0 s left");
}

TEST(LiveTable, builds_have_a_row_until_they_end) {
    LiveTable table(0, Colour::Never);
    table.apply(BuildStep{.image = "debian", .step = "installing packages", .fraction = 0.5, .seconds = 8},
                10);
    EXPECT_EQ(table.rows({}, 12).at(1), "10 s  debian  building: installing packages, 50 %");
    ImageReady ready;
    ready.image.name = "debian";
    ready.seconds = 12;
    table.apply(ready, 14);
    EXPECT_EQ(table.rows({}, 14).size(), 1U);
    EXPECT_EQ(table.take_finished(), Lines{"debian: ready (12.0 s)"});
}

TEST(LiveTable, an_image_whose_cells_run_is_not_being_built) {
    LiveTable table(0, Colour::Never);
    table.apply(restoring(), 1);
    table.apply(started("ports"), 2);
    const Lines lines = table.rows({}, 2);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[1], "0 s  debian  ports  ");
}

TEST(LiveTable, never_takes_more_room_than_there_is) {
    LiveTable table(100, Colour::Never);
    for (int i = 0; i < 50; ++i) {
        table.apply(StepStarted{.cell = table_cell("case-" + std::to_string(i)),
                                .arm = ArmId::fix("日本語"),
                                .step = hostile_text()},
                    i);
    }
    for (const std::size_t width : {1UL, 2UL, 10UL, 40UL, 80UL, 500UL}) {
        for (const std::size_t height : {1UL, 2UL, 3UL, 24UL, 51UL, 52UL, 60UL}) {
            const Lines lines = table.rows({.columns = width, .lines = height}, 100);
            EXPECT_LT(lines.size(), height);
            for (const std::string& line : lines) {
                EXPECT_LT(columns(line), width) << line;
                for (const char c : line) EXPECT_FALSE(c >= 0 && c < ' ');
            }
        }
    }
    EXPECT_TRUE(table.rows({.columns = 200, .lines = 24}, 100).back().ends_with(", 28 more running"))
        << table.rows({.columns = 200, .lines = 24}, 100).back();
    EXPECT_EQ(table.rows({.columns = 200, .lines = 52}, 100).size(), 51U);
}

}  // namespace

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
