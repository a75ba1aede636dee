#include "proof/inventory.h"

#include <gtest/gtest.h>

#include "reports/upgrade_reports.h"

namespace clamproof {
namespace {

std::vector<std::string> sentences(const Inventory& before, const Inventory& after) {
    std::vector<std::string> all;
    for (const auto& change : what_changed(before, after)) all.push_back(sentence(change));
    return all;
}

TEST(WhatChanged, TellsValuesAndHidesChecksums) {
    const Inventory before = {{"file /etc/a b", "123 4"},
                              {"file /etc/same", "5 6"},
                              {"file /etc/old", "7 8"},
                              {"setting LogFile", "/var/x"},
                              {"environment TMPDIR", "/tmp/user/0"},
                              {"profile clamd", "enforce"}};
    const Inventory after = {{"file /etc/a b", "124 4"}, {"file /etc/same", "5 6"},
                             {"file /etc/new", "1 1"},   {"setting LogFile", "/var/y"},
                             {"setting User", "clamav"}, {"profile clamd", "complain"}};
    EXPECT_EQ(sentences(before, after),
              (std::vector<std::string>{"environment TMPDIR: gone, was /tmp/user/0", "file /etc/a b: changed",
                                        "file /etc/new: new", "file /etc/old: gone",
                                        "profile clamd: enforce → complain",
                                        "setting LogFile: /var/x → /var/y", "setting User: new, clamav"}));
}

TEST(WhatChanged, AThingWithoutAValueIsThere) {
    EXPECT_EQ(sentences({}, {{"setting Foreground", ""}}),
              (std::vector<std::string>{"setting Foreground: new, there"}));
    EXPECT_TRUE(sentences({{"setting Foreground", ""}}, {{"setting Foreground", ""}}).empty());
}

TEST(WhatChanged, PackagesAreThingsToo) {
    EXPECT_EQ(sentences(package_inventory({{"clamd", "1"}, {"libc", "2"}}),
                        package_inventory({{"clamd", "1.1"}, {"libc", "2"}})),
              (std::vector<std::string>{"package clamd: 1 → 1.1"}));
}

TEST(OtherChanges, AreThoseThatNoGlobNames) {
    const auto changes = what_changed({{"file /etc/a", "1"}, {"port tcp 3310", "clamd_port_t"}},
                                      {{"file /etc/a", "2"}, {"file /etc/a.bak", "1"}, {"environment", "x"}});
    const auto names = [&](const std::vector<std::string>& allowed) {
        return change_names(other_changes(changes, allowed));
    };
    EXPECT_EQ(names({}), (std::vector<std::string>{"added environment", "changed file /etc/a",
                                                   "added file /etc/a.bak", "removed port tcp 3310"}));
    EXPECT_EQ(names({"file /etc/a", "environment"}),
              (std::vector<std::string>{"added file /etc/a.bak", "removed port tcp 3310"}));
    EXPECT_EQ(names({"file /etc/*", "port tcp [0-9]*"}), std::vector<std::string>{"added environment"});
}

}  // namespace
}  // namespace clamproof
