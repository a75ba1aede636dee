#include "reports/sections.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reports/sample_test.h"

namespace clamproof {
namespace {

TEST(Sections, are_read_in_order_of_concern_then_by_case) {
    RunResults run = sample_run();
    CellResult alarming = run.results[0];
    alarming.arms[1].scans[0].fault = Fault::Fixed;
    alarming.image = "zebra";
    run.results.push_back(alarming);
    std::vector<std::string> names;
    for (const std::size_t at : reading_order(run.results))
        names.push_back(run.results[at].case_id + " " + run.results[at].image);
    EXPECT_EQ(names,
              (std::vector<std::string>{
                  "clamd-tmpdir alpine", "clamd-tmpdir debian-12-apparmor", "clamd-tmpdir debian-12-selinux",
                  "selinux-stream-ports debian-12-selinux", "stale-pid-file zebra",
                  "stale-pid-file debian-12-selinux", "known-to-fail debian-12-apparmor"}));
}

TEST(Sections, skipped_cells_are_folded_by_reason) {
    RunResults run = sample_run();
    run.results.push_back(run.results[5]);
    run.results.back().image = "alpine";
    const auto skipped = skipped_by_reason(run.results);
    ASSERT_EQ(skipped.size(), 2U);
    EXPECT_EQ(skipped[0].text(),
              "3 cells of debian-12-apparmor, alpine: needs lsm selinux, the guest has apparmor");
    EXPECT_EQ(skipped[1].text(), "1 cell of debian-12-apparmor: the guest has no puppet");
}

TEST(Sections, a_silent_miss_belongs_to_the_failure_or_is_an_alarm) {
    CellResult cell = sample_failed_cell();
    const Scan missed = cell.arms[2].scans[0];
    cell.arms[0].scans = {{"path", "/x", true, "clean", "probe", Fault::Absent}};
    cell.arms[1].scans = {{"fdpass", "/x", true, "clean", "probe", Fault::Present}};
    cell.arms[2].scans = {missed, missed, {"path", "/x", true, "clean", "probe after undo", Fault::Present}};
    EXPECT_EQ(misses_in_short(cell, Misses::Alarming),
              "by path, stream; before anything was broken (probe), with fix label-the-range in place (probe "
              "after reboot)");
    EXPECT_EQ(misses_in_short(cell, Misses::Explained),
              "by fdpass, path; failing (probe), fix label-the-range (probe after undo)");
    EXPECT_EQ(headline({cell, cell}, Misses::Alarming),
              "SILENT MISS that the failure does not explain: infected files were reported clean while a fix "
              "was in place or "
              "before anything was broken, 6 times in 2 cells");
    EXPECT_EQ(headline({cell}, Misses::Explained),
              "Silent misses that belong to the failure, no fix being in place: infected files were reported "
              "clean, 2 times in 1 cell");
    cell.arms.clear();
    EXPECT_EQ(misses_in_short(cell, Misses::Alarming), "");
    EXPECT_EQ(headline({cell}, Misses::Explained), "");
}

TEST(Sections, silent_misses_are_told_and_bounded) {
    CellResult cell = sample_failed_cell();
    EXPECT_EQ(silent_misses(cell, 5),
              std::vector<std::string>{
                  "with fix label-the-range in place (probe after reboot): /tmp/eicar by stream"});
    cell.arms[2].scans.assign(10, cell.arms[2].scans[0]);
    const std::vector<std::string> lines = silent_misses(cell, 3);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[3], "and 7 more");
    EXPECT_EQ(silent_misses(cell, 10).size(), 10U);
}

}  // namespace
}  // namespace clamproof
