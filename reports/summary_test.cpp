#include "reports/summary.h"

#include <gtest/gtest.h>

#include "reports/sample_test.h"
#include "results/exit_code.h"

namespace clamproof {
namespace {

RunResults run_of(const std::vector<Outcome>& outcomes) {
    RunResults run;
    for (const Outcome outcome : outcomes) {
        CellResult cell;
        cell.outcome = outcome;
        run.results.push_back(cell);
    }
    return run;
}

TEST(Summary, counts_each_outcome_apart) {
    const Counts counts = count(sample_run().results);
    EXPECT_EQ(counts.passed, 1U);
    EXPECT_EQ(counts.mismatches, 3U);
    EXPECT_EQ(counts.infra_errors, 1U);
    EXPECT_EQ(counts.skipped, 3U);
    EXPECT_EQ(counts.known, 1U);
    EXPECT_EQ(counts.silent_misses, 2U);
    EXPECT_EQ(counts.failed(), 4U);
    EXPECT_EQ(counts.all(), 9U);
    EXPECT_EQ(closing_line(counts), "1 passed, 4 failed, 3 skipped, 1 known");
}

TEST(Summary, a_known_problem_that_is_cured_is_the_finding) {
    CellResult cured = sample_run().results[0];
    cured.outcome = Outcome::Mismatch;
    cured.known = "the known problem at known.json:3 is cured here";
    const auto found = findings(cured);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].claimed, "the known problem is there");
    EXPECT_EQ(found[0].seen, cured.known);
}

TEST(Summary, a_kept_guest_is_told) {
    CellResult failed = sample_failed_cell();
    failed.arms.back().artifacts = {"logs/journal.log", "logs/fix-label.capsule"};
    EXPECT_EQ(findings(failed).back().kept, "logs/fix-label.capsule");
}

TEST(Summary, installed_packages_are_told) {
    RunResults run = sample_run();
    EXPECT_EQ(circumstances(run), accelerator_sentence(run.host));
    run.images[0].installed = {{"clamd_2.deb", "beef"}};
    EXPECT_EQ(circumstances(run),
              "Installed over every image: clamd_2.deb. " + accelerator_sentence(run.host));
}

TEST(Summary, packages_that_do_not_install_are_left_out_of_the_command_to_look) {
    CellResult cell = sample_failed_cell();
    cell.install = {"it's new.deb"};
    EXPECT_NE(findings(cell)[0].shell.find(" --install 'it'\\''s new.deb' --at "), std::string::npos);
    cell.verdict = Verdict::NotInstallable;
    EXPECT_EQ(findings(cell)[0].shell.find("--install"), std::string::npos);
}

TEST(Summary, exit_codes) {
    EXPECT_EQ(exit_code(run_of({})), 0);
    EXPECT_EQ(exit_code(run_of({Outcome::Pass, Outcome::Skipped})), 0);
    EXPECT_EQ(exit_code(run_of({Outcome::Pass, Outcome::Mismatch})), 1);
    EXPECT_EQ(exit_code(run_of({Outcome::Pass, Outcome::Infra})), 3);
    EXPECT_EQ(exit_code(run_of({Outcome::Infra, Outcome::Mismatch})), 1);
    RunResults interrupted = run_of({Outcome::Mismatch});
    interrupted.interrupted = true;
    EXPECT_EQ(exit_code(interrupted), 130);
}

TEST(Summary, says_what_the_guests_ran_on) {
    HostInfo host;
    EXPECT_EQ(accelerator_sentence(host), "No guest was started.");
    host.accelerator = "none";
    host.why = "all skipped";
    EXPECT_EQ(accelerator_sentence(host), "No guest was started: all skipped.");
    host.accelerator = "kvm";
    EXPECT_EQ(accelerator_sentence(host), "Guests ran on KVM.");
    host.accelerator = "tcg";
    host.why = "no rights on /dev/kvm.";
    host.scale = 4;
    EXPECT_EQ(
        accelerator_sentence(host),
        "Guests ran emulated (tcg), not on KVM: no rights on /dev/kvm; deadlines were stretched 4 times.");
    host = HostInfo();
    host.accelerator = "none";
    host.containers = "podman 4.3.1";
    EXPECT_EQ(accelerator_sentence(host), "Containers ran in podman 4.3.1.");
    host.accelerator = "kvm";
    EXPECT_EQ(accelerator_sentence(host), "Guests ran on KVM. Containers ran in podman 4.3.1.");
}

TEST(Summary, an_arm_that_did_not_hold_is_a_finding) {
    const std::vector<Finding> found = findings(sample_failed_cell());
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].arm, "fix:label-the-range");
    EXPECT_EQ(found[0].claimed, "The probe passes after a reboot.");
    EXPECT_EQ(found[0].seen, "the probe failed again: Can't find any free port");
    EXPECT_EQ(found[0].shell,
              "clamproof shell debian-12-selinux --case selinux-stream-ports --variant launcher=initscript "
              "--variant session=cron --at fix:label-the-range");
}

TEST(Summary, the_state_to_look_at_is_that_of_the_arm) {
    CellResult cell = sample_failed_cell();
    cell.arms.resize(1);
    cell.arms[0].held = false;
    EXPECT_TRUE(findings(cell).at(0).shell.ends_with(" --at healthy"));
}

TEST(Summary, a_verdict_can_differ_though_every_arm_held) {
    CellResult cell = sample_failed_cell();
    cell.verdict = Verdict::Fixed;
    cell.expected = Verdict::Immune;
    cell.because = "";
    cell.arms[2].held = true;
    const std::vector<Finding> found = findings(cell);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].arm, "");
    EXPECT_EQ(found[0].claimed, "the verdict is immune");
    EXPECT_EQ(found[0].seen, "the verdict is fixed");
    EXPECT_TRUE(found[0].shell.ends_with(" --at failing"));

    cell.expected = std::nullopt;
    EXPECT_EQ(findings(cell).at(0).claimed, "the case says what to expect on such a guest");
}

TEST(Summary, an_infra_error_is_not_held_against_the_arm_it_struck) {
    CellResult cell = sample_failed_cell();
    cell.verdict = Verdict::InfraError;
    cell.outcome = Outcome::Infra;
    cell.because = "the guest was lost";
    const std::vector<Finding> found = findings(cell);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].arm, "fix:label-the-range");
    EXPECT_EQ(found[0].seen, "the guest was lost");
}

TEST(Summary, the_reason_is_what_the_arm_saw_or_why_the_verdict_is_so) {
    CellResult cell = sample_failed_cell();
    EXPECT_EQ(reason(cell), "the probe failed again: Can't find any free port");
    cell.outcome = Outcome::Infra;
    EXPECT_EQ(reason(cell), "the fix did not last");
    cell.outcome = Outcome::Mismatch;
    cell.arms.clear();
    EXPECT_EQ(reason(cell), "the fix did not last");
}

TEST(Summary, marks_are_words_of_one_width) {
    for (const Outcome outcome : {Outcome::Pass, Outcome::Mismatch, Outcome::Skipped, Outcome::Infra}) {
        EXPECT_EQ(mark_text(outcome, Colour::Never).size(), 5U);
    }
    EXPECT_EQ(mark_text(Outcome::Pass, Colour::Always), "\x1b[32mok\x1b[0m   ");
}

TEST(Summary, nothing_is_found_in_what_is_as_it_should_be) {
    for (const Outcome outcome : {Outcome::Pass, Outcome::Skipped}) {
        CellResult cell = sample_failed_cell();
        cell.outcome = outcome;
        EXPECT_TRUE(findings(cell).empty());
    }
}

TEST(Summary, commands_are_quoted_for_a_shell) {
    CellResult cell = sample_failed_cell();
    cell.variant = {{"user", "it's $HOME"}, {"empty", ""}};
    EXPECT_NE(findings(cell).at(0).shell.find(R"(--variant empty= --variant 'user=it'\''s $HOME' )"),
              std::string::npos);
}

}  // namespace
}  // namespace clamproof
