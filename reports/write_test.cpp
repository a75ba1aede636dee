
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "reports/log_files.h"
#include "reports/reports.h"
#include "reports/sample_test.h"
#include "results/results_json.h"
#include "run/durations.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

TempDir temporary() {
    return TempDir(fs::temp_directory_path(), "clamproof-write-");
}

void touch(const fs::path& path) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "old";
}

TEST(Write, puts_every_report_in_its_place) {
    const TempDir dir = temporary();
    const fs::path out = dir.path() / "a" / "out";
    const RunResults run = sample_run();
    write_reports(run, out.string());
    EXPECT_EQ(read_file(out / "results.json"), to_json(run));
    EXPECT_EQ(read_file(out / "junit.xml"), junit(run));
    EXPECT_EQ(read_file(out / "summary.md"), markdown(run));
    EXPECT_EQ(read_file(out / "report.html"), html(run));
    EXPECT_EQ(read_file(out / "durations.json"), durations_json(run.results));
    const fs::path logs = out / "logs/debian-12-selinux/selinux-stream-ports/initscript-cron";
    EXPECT_EQ(read_file(logs / "fix-label-the-range.log"), arm_log(run.results[1], run.results[1].arms[2]));
    EXPECT_TRUE(fs::exists(logs / "healthy.log"));
    EXPECT_TRUE(fs::exists(out / "logs/debian-12-selinux/stale-pid-file/failing.log"));
    EXPECT_FALSE(fs::exists(out / "logs/alpine"));
}

TEST(Write, leaves_nothing_of_an_earlier_run_that_could_be_taken_for_this_one) {
    const TempDir dir = temporary();
    const fs::path logs = dir.path() / "logs/debian-12-selinux/selinux-stream-ports/initscript-cron";
    touch(logs / "fix-gone.log");
    touch(logs / "healthy.log");
    touch(logs / "notes.txt");
    touch(dir.path() / "logs/other/case/healthy.log");
    write_reports(sample_run(), dir.path().string());
    EXPECT_FALSE(fs::exists(logs / "fix-gone.log"));
    EXPECT_NE(read_file(logs / "healthy.log"), "old");
    EXPECT_TRUE(fs::exists(logs / "notes.txt"));
    EXPECT_TRUE(fs::exists(dir.path() / "logs/other/case/healthy.log"));
}

TEST(Write, a_place_that_cannot_be_written_is_told_with_a_way_out) {
    const TempDir dir = temporary();
    touch(dir.path() / "file");
    const std::string out = (dir.path() / "file" / "out").string();
    try {
        write_reports(sample_run(), out);
        FAIL() << "was written";
    } catch (const InfraError& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find(out), std::string::npos) << text;
        EXPECT_NE(text.find("Not a directory"), std::string::npos) << text;
        EXPECT_NE(text.find("--out"), std::string::npos) << text;
    }
}

/// Files may not grow beyond a few bytes while this lives: what a full disk does, without filling one.
class NoSpace {
  public:
    NoSpace() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit tight = before_;
        tight.rlim_cur = 100;
        ::setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~NoSpace() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    NoSpace(const NoSpace&) = delete;
    NoSpace& operator=(const NoSpace&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_{};
};

TEST(Write, a_full_disk_leaves_the_old_report_whole) {
    const TempDir dir = temporary();
    touch(dir.path() / "results.json");
    bool failed = false;
    {
        const NoSpace no_space;
        try {
            write_reports(sample_run(), dir.path().string());
        } catch (const InfraError&) {
            failed = true;
        }
    }
    EXPECT_TRUE(failed);
    EXPECT_EQ(read_file(dir.path() / "results.json"), "old");
    EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()), 1);
}

TEST(Write, hostile_names_stay_within_the_folder) {
    const TempDir dir = temporary();
    RunResults run = sample_run();
    run.results = {hostile_cell(), sample_failed_cell()};
    run.results[1].image = "../../../tmp/outside";
    write_reports(run, (dir.path() / "out").string());
    EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()), 1);
    EXPECT_EQ(std::distance(fs::directory_iterator(dir.path() / "out" / "logs"), fs::directory_iterator()),
              2);
}

}  // namespace
}  // namespace clamproof
