#include "results/results.h"

#include <gtest/gtest.h>

#include <functional>

namespace clamproof {
namespace {

TEST(Outcomes, GoToTextAndBack) {
    for (const char* text : {"pass", "mismatch", "skipped", "infra"}) {
        const auto outcome = outcome_from(text);
        ASSERT_TRUE(outcome) << text;
        EXPECT_EQ(to_string(*outcome), text);
    }
    EXPECT_EQ(outcome_from("fail"), std::nullopt);
}

TEST(Denials, AreOfOneKindWhereverTheyHappened) {
    Denial one{.lsm = "selinux",
               .source = "clamd_t",
               .target = "unreserved_port_t",
               .object = "tcp_socket",
               .permission = "name_bind",
               .comm = "clamd",
               .path = "/x",
               .ports = {{1505, 3}},
               .count = 3,
               .first = 1,
               .last = 2};
    Denial other = one;
    other.ports = {{1506, 1}};
    other.count = 1;
    other.first = other.last = 9;
    EXPECT_TRUE(one.same_kind(other));

    const std::vector<std::function<void(Denial&)>> changes = {
        [](Denial& denial) { denial.lsm = "apparmor"; }, [](Denial& denial) { denial.source = "x"; },
        [](Denial& denial) { denial.target = "x"; },     [](Denial& denial) { denial.object = "x"; },
        [](Denial& denial) { denial.permission = "x"; }, [](Denial& denial) { denial.comm = "x"; },
        [](Denial& denial) { denial.path = "x"; },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Denial changed = one;
        changes[i](changed);
        EXPECT_FALSE(one.same_kind(changed)) << i;
    }
}

TEST(Denials, TellTheirPortsInShort) {
    const auto text = [](std::map<int, int> ports) {
        Denial denial;
        denial.ports = std::move(ports);
        return denial.port_text();
    };
    EXPECT_EQ(text({}), "");
    EXPECT_EQ(text({{1505, 3}}), "1505");
    EXPECT_EQ(text({{1024, 1}, {1025, 1}, {1026, 2}}), "1024-1026");
    EXPECT_EQ(text({{1024, 1}, {1025, 1}, {3310, 1}, {3311, 1}}), "1024-1025 and 2 more");
}

TEST(SilentMisses, AreInfectedFilesReportedClean) {
    CellResult cell;
    cell.arms.resize(2);
    cell.arms[0].scans = {{"path", "/eicar", true, "clean"}, {"path", "/good", false, "clean"}};
    cell.arms[1].scans = {{"fdpass", "/eicar", true, "clean"}, {"stream", "/eicar", true, "error"}};
    cell.arms[1].scans[0].fault = Fault::Present;
    EXPECT_EQ(cell.silent_misses(), 2);
    EXPECT_EQ(cell.alarming_misses(), 1);
    EXPECT_EQ(CellResult().silent_misses(), 0);
}

}  // namespace
}  // namespace clamproof
