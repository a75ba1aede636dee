#include "results/results_json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "reports/sample_test.h"
#include "support/error.h"
#include "support/json_file.h"
#include "support/text.h"

namespace clamproof {
namespace {

/// The text with the first `old_part` replaced; fails the test where there is none.
std::string with(std::string text, const std::string& old_part, const std::string& new_part) {
    const std::size_t at = text.find(old_part);
    EXPECT_NE(at, std::string::npos) << old_part;
    return at == std::string::npos ? text : text.replace(at, old_part.size(), new_part);
}

/// What reading the cell complains about.
std::string complaint(const std::string& text) {
    try {
        cell_from_json(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(ResultsJson, a_cell_comes_back_as_it_was) {
    const CellResult cell = sample_failed_cell();
    const CellResult back = cell_from_json(to_json(cell));
    EXPECT_EQ(back.image, "debian-12-selinux");
    EXPECT_EQ(back.case_id, "selinux-stream-ports");
    EXPECT_EQ(back.variant, cell.variant);
    EXPECT_EQ(back.verdict, Verdict::FixFailed);
    EXPECT_EQ(back.expected, Verdict::Fixed);
    EXPECT_EQ(back.outcome, Outcome::Mismatch);
    EXPECT_EQ(back.because, "the fix did not last");
    EXPECT_EQ(back.seconds, 12.25);
    EXPECT_EQ(back.again, cell.again);
    ASSERT_EQ(back.arms.size(), 3U);

    const Arm& fix = back.arms[2];
    EXPECT_EQ(fix.id, ArmId::fix("label-the-range"));
    EXPECT_EQ(fix.claim, cell.arms[2].claim);
    EXPECT_FALSE(fix.held);
    EXPECT_TRUE(back.arms[0].held);
    EXPECT_EQ(fix.seen, cell.arms[2].seen);
    EXPECT_EQ(fix.seconds, 7.5);
    EXPECT_EQ(fix.notes, cell.arms[2].notes);
    EXPECT_EQ(fix.changes, cell.arms[2].changes);
    EXPECT_EQ(fix.artifacts, cell.arms[2].artifacts);
}

TEST(ResultsJson, what_an_arm_gathered_comes_back_as_it_was) {
    const CellResult back = cell_from_json(to_json(sample_failed_cell()));
    const Step& step = back.arms[2].steps.at(1);
    EXPECT_EQ(step.what, "probe after reboot");
    EXPECT_EQ(step.script, "probe.sh");
    EXPECT_EQ(step.exit, 124);
    EXPECT_TRUE(step.timed_out);
    EXPECT_EQ(step.out, "scanning\n");
    EXPECT_EQ(step.err, "ERROR: Can't find any free port\nafter 60 s\n");
    EXPECT_EQ(step.seconds, 60.5);

    const Denial& denial = back.arms[1].denials.at(0);
    EXPECT_EQ(denial.lsm, "selinux");
    EXPECT_EQ(denial.source, "clamd_t");
    EXPECT_EQ(denial.target, "unreserved_port_t");
    EXPECT_EQ(denial.object, "tcp_socket");
    EXPECT_EQ(denial.permission, "name_bind");
    EXPECT_EQ(denial.comm, "clamd");
    EXPECT_EQ(denial.port_text(), "1024-1048");
    EXPECT_EQ(denial.count, 25);
    EXPECT_EQ(denial.last - denial.first, 2.125);
    EXPECT_EQ(back.arms[2].denials.at(0).path, "/srv/file");
    EXPECT_TRUE(back.arms[2].denials.at(0).ports.empty());

    const Scan& scan = back.arms[2].scans.at(0);
    EXPECT_EQ(scan.method, "stream");
    EXPECT_EQ(scan.file, "/tmp/eicar");
    EXPECT_TRUE(scan.silent_miss());
    EXPECT_EQ(scan.step, "probe after reboot");
    EXPECT_EQ(scan.fault, Fault::Fixed);
    EXPECT_FALSE(back.arms[2].scans.at(1).infected);
    EXPECT_EQ(back.silent_misses(), 1);
}

TEST(ResultsJson, a_run_comes_back_as_it_was) {
    const RunResults run = sample_run();
    const std::string text = to_json(run);
    const RunResults back = run_from_json(text);
    EXPECT_EQ(back.started, run.started);
    EXPECT_EQ(back.seconds, 83.5);
    EXPECT_FALSE(back.interrupted);
    EXPECT_EQ(back.host.accelerator, "tcg");
    EXPECT_EQ(back.host.why, run.host.why);
    EXPECT_EQ(back.host.scale, 4);
    EXPECT_EQ(back.host.cores, 2);
    EXPECT_EQ(back.host.containers, run.host.containers);
    ASSERT_EQ(back.images.size(), 2U);
    EXPECT_EQ(back.images[0].facts, run.images[0].facts);
    EXPECT_EQ(back.images[0].packages, run.images[0].packages);
    ASSERT_EQ(back.results.size(), run.results.size());
    EXPECT_EQ(back.results[3].expected, std::nullopt);
    // And so does everything else.
    EXPECT_EQ(to_json(back), text);
}

TEST(ResultsJson, every_verdict_and_outcome_comes_back) {
    for (const Verdict verdict :
         {Verdict::Fixed, Verdict::Immune, Verdict::FixFailed, Verdict::SelfHealed, Verdict::DifferentFailure,
          Verdict::Unhealthy, Verdict::Skipped, Verdict::InfraError}) {
        CellResult cell;
        cell.verdict = verdict;
        EXPECT_EQ(cell_from_json(to_json(cell)).verdict, verdict);
    }
    for (const Outcome outcome : {Outcome::Pass, Outcome::Mismatch, Outcome::Skipped, Outcome::Infra}) {
        CellResult cell;
        cell.outcome = outcome;
        EXPECT_EQ(cell_from_json(to_json(cell)).outcome, outcome);
    }
}

TEST(ResultsJson, a_cell_is_one_line_and_a_run_one_line_a_cell) {
    EXPECT_EQ(to_json(hostile_cell()).find('\n'), std::string::npos);
    const std::string text = to_json(sample_run());
    EXPECT_NE(text.find("\n{\"image\":\"debian-12-selinux\",\"case\":\"stale-pid-file\","),
              std::string::npos);
    EXPECT_TRUE(text.ends_with("}\n"));
}

TEST(ResultsJson, changes_are_told_by_fix) {
    const std::string text = to_json(sample_failed_cell());
    EXPECT_NE(text.find(R"("changes":{"label-the-range":["changed /etc/clamav/clamd.conf"]},)"),
              std::string::npos);
    EXPECT_NE(text.find(R"("silent_misses":1,)"), std::string::npos);
}

TEST(ResultsJson, guest_text_cannot_break_it) {
    const std::string once = to_json(hostile_cell());
    const CellResult back = cell_from_json(once);
    EXPECT_EQ(to_json(back), once);
    EXPECT_NE(back.arms[0].steps[0].err.raw().find("]]> <b a=\"1\">&amp;"), std::string::npos);
}

TEST(ResultsJson, a_step_holds_a_bounded_output_and_says_so) {
    const CellResult back = cell_from_json(to_json(hostile_cell()));
    const std::string& out = back.arms[0].steps[0].out.raw();
    EXPECT_LE(out.size(), step_output_limit);
    EXPECT_GT(out.size(), step_output_limit - 1000);
    EXPECT_NE(out.find("bytes cut here"), std::string::npos);
    EXPECT_TRUE(out.ends_with("end"));
}

TEST(ResultsJson, a_time_that_is_no_number_is_nought) {
    CellResult cell = sample_failed_cell();
    cell.seconds = std::numeric_limits<double>::quiet_NaN();
    cell.arms[0].seconds = std::numeric_limits<double>::infinity();
    const CellResult back = cell_from_json(to_json(cell));
    EXPECT_EQ(back.seconds, 0);
    EXPECT_EQ(back.arms[0].seconds, 0);
}

TEST(ResultsJson, complaints_name_the_place) {
    const std::string good = to_json(sample_failed_cell());
    EXPECT_EQ(complaint(good), "");
    EXPECT_NE(complaint(with(good, R"("again":)", R"("agian":)")).find("again"), std::string::npos);
    EXPECT_NE(complaint(with(good, R"("held":true)", R"("held":"yes")")).find("held must be true or false"),
              std::string::npos);
    EXPECT_NE(complaint(with(good, R"("port":1024)", R"("port":99999999999)")).find("\"port\" must be from"),
              std::string::npos);
    EXPECT_NE(complaint(with(good, R"("verdict":"fix-failed")", R"("verdict":"great")"))
                  .find("\"great\" is no verdict"),
              std::string::npos);
    EXPECT_NE(
        complaint(with(good, R"("outcome":"mismatch")", R"("outcome":"hm")")).find("\"hm\" is no outcome"),
        std::string::npos);
    EXPECT_NE(complaint(with(good, R"("outcome":"clean")", R"("outcome":"hm")")).find("hm"),
              std::string::npos);
    EXPECT_NE(complaint(with(good, R"({"image")", R"({"extra":1,"image")")).find("unknown key \"extra\""),
              std::string::npos);
    EXPECT_NE(complaint(with(good, R"({"method")", R"({"extra":1,"method")")).find("unknown key \"extra\""),
              std::string::npos);
    EXPECT_NE(complaint(good.substr(0, good.size() / 2)).find("a cell's result:1:"), std::string::npos);
    EXPECT_NE(complaint("[]"), "");
    EXPECT_NE(complaint(""), "");
}

TEST(ResultsJson, results_of_another_version_are_refused) {
    try {
        run_from_json(
            with(to_json(sample_run()), fmt::format("\"version\": {},", results_version), "\"version\": 99,"),
            "old/results.json");
        FAIL() << "was read";
    } catch (const InputError& error) {
        EXPECT_EQ(std::string(error.what()).find("old/results.json:2:"), 0U) << error.what();
        EXPECT_NE(std::string(error.what()).find("version 99"), std::string::npos);
    }
}

}  // namespace
}  // namespace clamproof
