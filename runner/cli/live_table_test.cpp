#include "cli/live_table.h"

#include <gtest/gtest.h>

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
}  // namespace clamproof
