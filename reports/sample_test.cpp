#include "reports/sample_test.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

namespace clamproof {
namespace {

std::map<int, int> ports_in_a_row(int first, int count) {
    std::map<int, int> ports;
    for (int port = first; port < first + count; ++port) ports[port] = 1;
    return ports;
}

constexpr double noon = 1354276800;

Step step(std::string what, std::string script, int exit, std::string out) {
    return {.what = std::move(what),
            .script = std::move(script),
            .exit = exit,
            .timed_out = false,
            .out = std::move(out),
            .err = "",
            .seconds = 0.25};
}

Arm healthy_arm() {
    Arm arm;
    arm.id = ArmId::healthy();
    arm.claim = "The probe passes before anything is broken.";
    arm.held = true;
    arm.seconds = 1.5;
    arm.steps = {step("probe", "probe.sh", 0, "/tmp/eicar: Eicar-Signature FOUND\n")};
    arm.scans = {{.method = "path",
                  .file = "/tmp/eicar",
                  .infected = true,
                  .outcome = "found",
                  .step = "probe",
                  .fault = Fault::Absent}};
    return arm;
}

Arm failing_arm() {
    Arm arm;
    arm.id = ArmId::failing();
    arm.claim = "The probe fails in the documented words.";
    arm.held = true;
    arm.seconds = 3.25;
    arm.steps = {step("trigger", "trigger.sh", 0, ""),
                 step("probe", "probe.sh", 1, "ERROR: accept() failed\n")};
    arm.denials = {{.lsm = "selinux",
                    .source = "clamd_t",
                    .target = "unreserved_port_t",
                    .object = "tcp_socket",
                    .permission = "name_bind",
                    .comm = "clamd",
                    .path = "",
                    .ports = ports_in_a_row(1024, 25),
                    .count = 25,
                    .first = noon,
                    .last = noon + 2.125}};
    return arm;
}

Arm fix_arm() {
    Arm arm;
    arm.id = ArmId::fix("label-the-range");
    arm.claim = "The probe passes after a reboot.";
    arm.held = false;
    arm.seen = "the probe failed again: Can't find any free port";
    arm.seconds = 7.5;
    arm.steps = {step("apply", "fix-label.sh", 0, ""),
                 {.what = "probe after reboot",
                  .script = "probe.sh",
                  .exit = 124,
                  .timed_out = true,
                  .out = "scanning\n",
                  .err = "ERROR: Can't find any free port\nafter 60 s\n",
                  .seconds = 60.5}};
    arm.denials = {{.lsm = "apparmor",
                    .source = "/usr/sbin/clamd",
                    .target = "",
                    .object = "open",
                    .permission = "r",
                    .comm = "clamd",
                    .path = "/srv/file",
                    .ports = {},
                    .count = 1,
                    .first = noon,
                    .last = noon}};
    arm.scans = {{.method = "stream",
                  .file = "/tmp/eicar",
                  .infected = true,
                  .outcome = "clean",
                  .step = "probe after reboot",
                  .fault = Fault::Fixed},
                 {.method = "fdpass",
                  .file = "/etc/motd",
                  .infected = false,
                  .outcome = "clean",
                  .step = "probe after reboot",
                  .fault = Fault::Fixed}};
    arm.notes = {"lasted longer than promised"};
    arm.changes = {"changed /etc/clamav/clamd.conf"};
    arm.artifacts = {"artifacts/serial.log"};
    return arm;
}

CellResult cell(std::string image, std::string case_id, Verdict verdict, Outcome outcome) {
    CellResult result;
    result.image = std::move(image);
    result.case_id = std::move(case_id);
    result.verdict = verdict;
    result.expected = Verdict::Fixed;
    result.outcome = outcome;
    result.seconds = 4.75;
    result.expectation = fmt::format("cases/{}/case.json:40", result.case_id);
    result.worker = 1;
    result.began = 2.5;
    result.again = fmt::format("clamproof run --image {} --case {}", result.image, result.case_id);
    return result;
}

CellResult immune_cell() {
    CellResult immune = cell("debian-12-selinux", "clamd-tmpdir", Verdict::Immune, Outcome::Mismatch);
    immune.variant = {{"session", "it's login"}};
    immune.because = "the daemon ignores TMPDIR";
    immune.arms = {healthy_arm()};
    immune.reruns = {immune};
    return immune;
}

CellResult unknown_cell() {
    CellResult unknown = cell("debian-12-apparmor", "clamd-tmpdir", Verdict::Fixed, Outcome::Mismatch);
    unknown.variant = {{"session", "cron"}};
    unknown.expected = std::nullopt;
    unknown.arms = {healthy_arm(), failing_arm()};
    return unknown;
}

CellResult skipped_cell(const std::string& launcher, const std::string& because) {
    CellResult skipped =
        cell("debian-12-apparmor", "selinux-stream-ports", Verdict::Skipped, Outcome::Skipped);
    skipped.variant = {{"launcher", launcher}};
    skipped.expected = Verdict::Skipped;
    skipped.because = because;
    skipped.seconds = 0;
    skipped.worker = 0;
    return skipped;
}

CellResult lost_cell() {
    CellResult lost = cell("alpine", "clamd-tmpdir", Verdict::InfraError, Outcome::Infra);
    lost.because = "while restoring alpine: the guest gave no answer within 30 s; see clamproof doctor";
    return lost;
}

}  // namespace

CellResult sample_failed_cell() {
    CellResult failed =
        cell("debian-12-selinux", "selinux-stream-ports", Verdict::FixFailed, Outcome::Mismatch);
    failed.variant = {{"launcher", "initscript"}, {"session", "cron"}};
    failed.because = "the fix did not last";
    failed.seconds = 12.25;
    failed.arms = {healthy_arm(), failing_arm(), fix_arm()};
    failed.arms[0].steps[0].shared = "initscript/login";
    failed.failing_state = {.saved = true, .save_seconds = 0.5, .again_seconds = 7.25, .starts = 2};
    return failed;
}

RunResults sample_run() {
    RunResults run;
    run.clamproof = "0.0.1";
    run.started = "2012-11-30T12:00:00Z";
    run.seconds = 83.5;
    run.host = {.accelerator = "tcg",
                .why = "/dev/kvm is not there",
                .scale = 4,
                .qemu = "7.2.9",
                .libvirt = "9.0.0",
                .cpu = "A CPU <of a kind>",
                .cores = 2,
                .uri = "qemu:///embed"};
    run.images = {{.name = "debian-12-selinux",
                   .digest = "sha256:1234",
                   .facts = {{"lsm", "selinux"}, {"clamd", "1.4.6"}},
                   .packages = {{"clamav-daemon", "1.4.6+dfsg-1"}}},
                  {.name = "debian-12-apparmor",
                   .digest = "sha256:5678",
                   .facts = {{"lsm", "apparmor"}},
                   .packages = {}}};
    run.shard = {.number = 1, .of = 1};
    run.cases = {{.id = "selinux-stream-ports",
                  .title = "SELinux keeps clamd from binding its stream ports",
                  .story = "clamd opens a port for each stream,\nand may not.",
                  .source = "a write-up of 2012",
                  .fixes = {{.id = "label-the-range", .documented = "semanage port -a -t clamd_port_t"}},
                  .scripts = {{"probe.sh", "scan --stream /tmp/eicar\n"},
                              {"trigger.sh", "setenforce 1 # </script><b>\n"}}}};
    CellResult passed = cell("debian-12-selinux", "stale-pid-file", Verdict::Fixed, Outcome::Pass);
    passed.arms = {healthy_arm(), failing_arm()};
    passed.arms[1].scans = {{.method = "path",
                             .file = "/tmp/eicar",
                             .infected = true,
                             .outcome = "clean",
                             .step = "probe",
                             .fault = Fault::Present}};
    CellResult known = cell("debian-12-apparmor", "known-to-fail", Verdict::FixFailed, Outcome::Known);
    known.known = "known until 2030-06-30: waits for a new hinge (bug 12)";
    run.results = {passed,
                   sample_failed_cell(),
                   immune_cell(),
                   unknown_cell(),
                   skipped_cell("puppet", "the guest has no puppet"),
                   skipped_cell("initscript", "needs lsm selinux, the guest has apparmor"),
                   skipped_cell("systemd", "needs lsm selinux, the guest has apparmor"),
                   lost_cell(),
                   known};
    return run;
}

std::string hostile_text() {
    return std::string(
               "\x1b[2J\x1b]0;title\x07 ]]> <b a=\"1\">&amp; \xff\xfe\xc3( \xe2\x80\xae"
               "backwards\r\nnext line\ttab ") +
           '\0' + "\xc2\x9b" + "31m end";
}

CellResult hostile_cell() {
    const std::string bad = hostile_text();
    CellResult hostile = sample_failed_cell();
    hostile.image = hostile.case_id = hostile.because = hostile.again = bad;
    hostile.variant = {{bad, bad}};
    for (Arm& arm : hostile.arms) {
        arm.claim = arm.seen = bad;
        arm.notes = arm.changes = arm.artifacts = {bad};
        for (Step& one : arm.steps) {
            one.what = one.script = bad;
            one.out = one.err = bad;
        }
        for (Scan& scan : arm.scans) scan.method = scan.file = bad;
        for (Denial& denial : arm.denials) {
            denial.source = denial.target = denial.object = denial.permission = denial.comm = denial.path =
                bad;
        }
    }
    hostile.arms[0].steps[0].out = bad + std::string(1'000'000, 'x') + bad;
    hostile.arms.back().id = ArmId::fix(bad);
    return hostile;
}

RunResults big_run(std::size_t cells) {
    RunResults run = sample_run();
    run.results.clear();
    for (std::size_t i = 0; i < cells; ++i) {
        CellResult one =
            i % 2 == 0 ? sample_failed_cell()
                       : cell("", "some-case", Verdict::Fixed, i % 4 == 1 ? Outcome::Pass : Outcome::Skipped);
        one.image = fmt::format("image-{}", i % 7);
        one.variant = {{"number", std::to_string(i)}};
        run.results.push_back(std::move(one));
    }
    return run;
}

std::string outside_blocks(const std::string& text) {
    std::string outside, line, fence;
    for (std::istringstream lines(text); std::getline(lines, line);) {
        const std::string ticks = line.substr(0, line.find_first_not_of('`'));
        if (fence.empty() && ticks.size() >= 3)
            fence = ticks;
        else if (!fence.empty() && line == fence)
            fence.clear();
        else if (fence.empty())
            outside += line + "\n";
    }
    EXPECT_EQ(fence, "");
    return outside;
}

}  // namespace clamproof
