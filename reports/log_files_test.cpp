#include "reports/log_files.h"

#include <gtest/gtest.h>

#include "reports/sample_test.h"

namespace clamproof {
namespace {

TEST(LogFiles, folders_follow_image_case_and_variant) {
    CellResult plain = sample_failed_cell();
    plain.variant.clear();
    const std::vector<std::string> folders = log_folders({sample_failed_cell(), plain, sample_failed_cell()});
    EXPECT_EQ(folders,
              (std::vector<std::string>{"logs/debian-12-selinux/selinux-stream-ports/initscript-cron",
                                        "logs/debian-12-selinux/selinux-stream-ports",
                                        "logs/debian-12-selinux/selinux-stream-ports/initscript-cron.2"}));
}

TEST(LogFiles, names_lead_nowhere_else) {
    CellResult cell;
    cell.image = "../../etc";
    cell.case_id = "";
    cell.variant = {{"a", std::string(10'000, 'x')}};
    const std::string folder = log_folders({cell}).at(0);
    EXPECT_EQ(folder.find("logs/_..-..-etc/_/xxx"), 0U) << folder;
    EXPECT_LT(folder.size(), 200U);

    Arm arm;
    arm.id = ArmId::fix("label/it");
    EXPECT_EQ(log_file_name(arm), "fix-label-it.log");
    arm.id = ArmId::fix(hostile_text());
    EXPECT_EQ(log_file_name(arm).find_first_of("/:\n\x1b\"<>|*?"), std::string::npos);
}

TEST(LogFiles, a_log_reads_from_top_to_bottom) {
    const CellResult cell = sample_failed_cell();
    EXPECT_EQ(arm_log(cell, cell.arms[2]), R"(cell     debian-12-selinux selinux-stream-ports initscript/cron
arm      fix:label-the-range, 7.5 s
claim    The probe passes after a reboot.
result   did not hold: the probe failed again: Can't find any free port
again    clamproof run --image debian-12-selinux --case selinux-stream-ports

== apply (fix-label.sh): exit 0, 0.2 s

== probe after reboot (probe.sh): timed out (exit 124), 1 min 01 s
  stdout:
    scanning
  stderr:
    ERROR: Can't find any free port
    after 60 s

== denials
  apparmor /usr/sbin/clamd open r, comm clamd, path /srv/file, 1 time

== scans
  /tmp/eicar by stream, infected: clean  << SILENT MISS
  /etc/motd by fdpass, not infected: clean

== notes
  lasted longer than promised

== changes on the guest
  changed /etc/clamav/clamd.conf

== files kept
  artifacts/serial.log
)");
}

TEST(LogFiles, denials_of_both_modules_read_alike) {
    const CellResult cell = sample_failed_cell();
    EXPECT_EQ(denial_line(cell.arms[1].denials[0]),
              "selinux clamd_t unreserved_port_t tcp_socket name_bind, comm clamd, port 1024-1048, 25 times");
}

TEST(LogFiles, a_guest_cannot_forge_a_section_or_reach_the_terminal) {
    CellResult cell = hostile_cell();
    cell.arms[0].steps[0].out = "\n== denials\nforged\x1b[2J";
    const std::string log = arm_log(cell, cell.arms[0]);
    EXPECT_EQ(log.find("\n== denials"), std::string::npos);
    EXPECT_NE(log.find("\n    == denials\n    forged\\x1b[2J\n"), std::string::npos);
    EXPECT_EQ(log.find('\x1b'), std::string::npos);
    EXPECT_EQ(log.find('\0'), std::string::npos);
}

TEST(LogFiles, output_is_bounded) {
    const CellResult cell = hostile_cell();
    const std::string log = arm_log(cell, cell.arms[0]);
    EXPECT_LT(log.size(), 200'000U);
    EXPECT_NE(log.find("bytes cut here"), std::string::npos);
}

}  // namespace
}  // namespace clamproof
