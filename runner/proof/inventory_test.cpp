#include "proof/inventory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "guest/local_guest_test.h"
#include "reports/upgrade_reports.h"
#include "support/files.h"

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

// The scripts that guests are looked at with, run here: one change of each kind that they claim to see.
class SeenTest : public testing::Test {
  protected:
    SeenTest() {
        guest_.write("/etc/hosts", "127.0.0.1 house\n");
        guest_.write(ports_, "");
        guest_.write(profiles_, "gate (enforce)\n");
        guest_.write("/run/environment", "LANG=C\n");
        guest_.write_command("systemctl", "[ $1 != show-environment ] || cat /run/environment\n");
        guest_.write_command("/usr/lib/clamproof/inventory",
                             read_file(shipped("files/base/usr/lib/clamproof/inventory")));
    }

    static fs::path shipped(const std::string& name) {
        return fs::path(CLAMPROOF_SOURCE_DIR "/images") / name;
    }

    std::vector<std::string> seen(const std::string& script, const std::function<void()>& change) {
        const auto look = [&] { return parse_inventory(guest_.run({.text = script}).out.raw()); };
        const Inventory before = look();
        change();
        return sentences(before, look());
    }
    std::vector<std::string> seen(const std::function<void()>& change) {
        return seen("exec /usr/lib/clamproof/inventory", change);
    }

    using Sentences = std::vector<std::string>;
    const std::string ports_ = "/var/lib/selinux/default/active/ports.local";
    const std::string profiles_ = "/sys/kernel/security/apparmor/profiles";
    LocalGuest guest_;
};

TEST_F(SeenTest, FilesAndLinks) {
    EXPECT_EQ(seen([&] { guest_.write("/etc/hosts", "127.0.0.1 home\n"); }),
              Sentences{"file /etc/hosts: changed"});
    EXPECT_EQ(seen([&] { guest_.write("/etc/gate/a b", ""); }), Sentences{"file /etc/gate/a b: new"});
    EXPECT_EQ(seen([&] { fs::create_symlink("hosts", guest_.path("/etc/link")); }),
              Sentences{"link /etc/link: new, hosts"});
}

TEST_F(SeenTest, LabelsOfPorts) {
    const std::string one = "portcon tcp 1505 system_u:object_r:clamd_port_t:s0\n";
    EXPECT_EQ(seen([&] { guest_.write(ports_, one); }), Sentences{"port tcp 1505: new, clamd_port_t"});
    EXPECT_EQ(seen([&] {
                  guest_.write(ports_, one + "portcon tcp 1024 - 2048 system_u:object_r:clamd_port_t:s0\n");
              }),
              Sentences{"port tcp 1024 - 2048: new, clamd_port_t"});
}

// The kernel's files of booleans end without a newline.
TEST_F(SeenTest, Booleans) {
    const std::string booleans = "/sys/fs/selinux/booleans/";
    guest_.write(booleans + "antivirus_can_scan_system", "0 0");
    guest_.write(booleans + "httpd_enable_cgi", "1 1");
    EXPECT_EQ(seen([&] { guest_.write(booleans + "antivirus_can_scan_system", "1 1"); }),
              Sentences{"boolean antivirus_can_scan_system: 0 0 → 1 1"});
    EXPECT_EQ(seen([&] { guest_.write(booleans + "httpd_enable_cgi", "1 0"); }),
              Sentences{"boolean httpd_enable_cgi: 1 1 → 1 0"})
        << "also where it is the last";
}

TEST_F(SeenTest, ModulesOfAPolicy) {
    const std::string module = "/var/lib/selinux/default/active/modules/400/door/cil";
    EXPECT_EQ(seen([&] { guest_.write(module, "(type door_t)"); }), Sentences{"module 400/door: new"});
    EXPECT_EQ(seen([&] { guest_.write(module, "(type window_t)"); }), Sentences{"module 400/door: changed"});
}

TEST_F(SeenTest, ProfilesAndHowTheyAreLoaded) {
    EXPECT_EQ(seen([&] { guest_.write(profiles_, "gate (complain)\n"); }),
              Sentences{"profile gate: enforce → complain"});
    EXPECT_EQ(seen([&] { guest_.write(profiles_, "gate (complain)\n/usr/sbin/door (enforce)\n"); }),
              Sentences{"profile /usr/sbin/door: new, enforce"});
}

TEST_F(SeenTest, TheServiceManagersEnvironment) {
    EXPECT_EQ(
        seen([&] { guest_.write("/run/environment", "LANG=C\nTMPDIR=/tmp/user/0\nDIR_2=/tmp\n"); }),
        (Sentences{"manager-environment DIR_2: new, /tmp", "manager-environment TMPDIR: new, /tmp/user/0"}));
}

TEST_F(SeenTest, UnitsOfTheSite) {
    EXPECT_EQ(seen([&] { guest_.write("/etc/systemd/system/door.service", "[Service]\n"); }),
              Sentences{"file /etc/systemd/system/door.service: new"});
}

// What only an upgrade is looked at for.
TEST_F(SeenTest, WhatAnUpgradeCouldChange) {
    guest_.write("/etc/door.conf", "# Foreground yes\nUser clamav\n");
    guest_.write_command("pidof", "echo 412\n");
    guest_.write("/proc/412/environ", std::string("LANG=C\0INVOCATION_ID=1\0", 23));
    guest_.write_command("/usr/lib/clamproof/state", "echo confinement=door_t\n");
    guest_.write("/usr/lib/systemd/system/door.service", "[Service]\n");
    const std::string look = "CLAMD_UNIT=door CLAMD_CONF=/etc/door.conf\n" + read_file(shipped("look.sh"));
    for (const char* beside : {"dpkg-dist", "dpkg-new", "ucf-dist", "rpmnew"}) {
        const auto changes = seen(look, [&] {
            guest_.write(std::string("/etc/init.d/of-") + beside + "." + beside, "unset TMPDIR\n");
        });
        EXPECT_NE(std::find(changes.begin(), changes.end(),
                            std::string("not-taken /etc/init.d/of-") + beside + ": new"),
                  changes.end())
            << beside;
    }
    EXPECT_EQ(seen(look, [&] { guest_.write("/etc/door.conf", "# Foreground yes\nUser nobody\n"); }),
              (Sentences{"file /etc/door.conf: changed", "setting User: clamav → nobody"}));
    EXPECT_EQ(seen(look,
                   [&] {
                       guest_.write("/proc/412/environ",
                                    std::string("LANG=C\0TMPDIR=/tmp\0INVOCATION_ID=2\0", 35));
                   }),
              Sentences{"environment TMPDIR: new, /tmp"});
    EXPECT_EQ(
        seen(look,
             [&] { guest_.write_command("/usr/lib/clamproof/state", "echo confinement=unconfined_t\n"); }),
        Sentences{"confinement clamd: door_t → unconfined_t"});
    EXPECT_EQ(
        seen(look,
             [&] { guest_.write("/usr/lib/systemd/system/door.service", "[Service]\nPrivateTmp=yes\n"); }),
        Sentences{"unit /usr/lib/systemd/system/door.service: changed"});
}

}  // namespace
}  // namespace clamproof
