#include "support/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "support/clock.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

ProcessResult shell(const std::string& script, double deadline = 10) {
    return run_process({.argv = {"sh", "-c", script}, .deadline = deadline});
}

TEST(Process, TakesStatusAndStreamsApart) {
    const ProcessResult result = shell("echo out; echo err >&2; exit 3");
    EXPECT_EQ(result.exit, 3);
    EXPECT_EQ(result.signal, 0);
    EXPECT_EQ(result.out, "out\n");
    EXPECT_EQ(result.err, "err\n");
    EXPECT_FALSE(result.ok());
}

TEST(Process, TellsASignalFromAnExitStatus) {
    const ProcessResult killed = shell("kill -9 $$");
    EXPECT_EQ(killed.signal, SIGKILL);
    EXPECT_EQ(killed.exit, -1);
    EXPECT_EQ(shell("exit 9").exit, 9);
}

TEST(Process, IsEndedOnceItHasPrintedEnough) {
    const Stopwatch watch;
    const ProcessResult endless = run_process({.argv = {"yes"}, .capture_limit = 10, .end_when_full = true});
    EXPECT_EQ(endless.out, "y\ny\ny\ny\ny\n");
    EXPECT_TRUE(endless.full);
    EXPECT_FALSE(endless.ok());
    EXPECT_LT(watch.seconds(), 10);
    EXPECT_TRUE(run_process({.argv = {"echo", "a"}, .capture_limit = 10, .end_when_full = true}).ok());
}

TEST(Process, WhoeverNeverStopsPrintingIsNotListenedToForEver) {
    const Stopwatch watch;
    EXPECT_TRUE(run_process({.argv = {"yes"}, .deadline = 0.3, .capture_limit = 10}).timed_out);
    EXPECT_EQ(shell("yes & exit 3").exit, 3) << "nor what it left behind";
    EXPECT_LT(watch.seconds(), 20);
}

TEST(Process, FeedsInputLargerThanAPipe) {
    const std::string input(1 << 20, 'x');
    const ProcessResult result = run_process({.argv = {"wc", "-c"}, .input = input});
    EXPECT_EQ(std::stoul(result.out), input.size());
}

// As in a sandbox that knows no pidfd_open.
class WithoutPidfd : public testing::Test {
  protected:
    WithoutPidfd() {
        open_pidfd = [](pid_t) { return -1; };
    }
    ~WithoutPidfd() override { open_pidfd = before_; }

    int (*before_)(pid_t) = open_pidfd;
};

TEST_F(WithoutPidfd, AProcessStillEnds) {
    EXPECT_EQ(shell("echo out; exit 3").exit, 3);
    EXPECT_EQ(shell("echo out").out, "out\n");
    const Stopwatch watch;
    const ProcessResult late = shell("exec sleep 60", 0.2);
    EXPECT_TRUE(late.timed_out);
    EXPECT_EQ(late.signal, SIGTERM);
    EXPECT_LT(watch.seconds(), 10);
}

TEST_F(WithoutPidfd, AChildIsStillWaitedFor) {
    Child child({"cat"});
    EXPECT_FALSE(child.wait(0.05));
    child.close_input();
    EXPECT_TRUE(child.wait(10));
    EXPECT_TRUE(child.wait(0)) << "it is over once and for all";
}

// Init may take its time to bury the dead.
bool runs(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    return file >> id >> name >> state && state != "Z";
}

TEST(Process, EndsTheWholeGroupAtItsDeadline) {
    const Stopwatch watch;
    const ProcessResult result = shell("sleep 60 & echo $!; wait", 0.2);
    EXPECT_TRUE(result.timed_out);
    EXPECT_LT(watch.seconds(), 3);
    const pid_t grandchild = std::stoi(result.out);
    for (const Deadline deadline = Deadline::in(2); !deadline.passed() && runs(grandchild);) ::usleep(10000);
    EXPECT_FALSE(runs(grandchild));
}

TEST(Process, DiesWithWhoeverStartedIt) {
    const clamproof::TempDir folder(testing::TempDir(), "process-");
    const fs::path note = folder.path() / "pid";
    const pid_t starter = ::fork();
    if (starter == 0) {
        shell("echo $$ >" + note.string() + ".new; mv " + note.string() + ".new " + note.string() +
                  "; exec sleep 60",
              60);
        ::_exit(0);
    }
    const Deadline deadline = Deadline::in(10);
    while (!fs::exists(note) && !deadline.passed()) ::usleep(10000);
    const pid_t program = std::stoi(read_file(note));
    EXPECT_TRUE(runs(program));
    ::kill(starter, SIGKILL);
    ::waitpid(starter, nullptr, 0);
    while (runs(program) && !deadline.passed()) ::usleep(10000);
    EXPECT_FALSE(runs(program));
    ::kill(program, SIGKILL);
}

TEST(Process, AGraceThatIsNoneIsNotWaitedFor) {
    const Stopwatch watch;
    const ProcessResult result = run_process(
        {.argv = {"sh", "-c", "trap '' TERM; sleep 60 & wait; wait"}, .deadline = 0.2, .grace = 0});
    EXPECT_EQ(result.signal, SIGKILL);
    EXPECT_LT(watch.seconds(), 2);
}

TEST(Process, ADaemonThatKeepsThePipesDoesNotHoldItBack) {
    const Stopwatch watch;
    EXPECT_EQ(shell("setsid sleep 5 & echo started").out, "started\n");
    EXPECT_LT(watch.seconds(), 2);
}

TEST(Process, KeepsNoMoreThanItsLimit) {
    const ProcessResult result =
        run_process({.argv = {"head", "-c", "100000", "/dev/zero"}, .capture_limit = 1000});
    EXPECT_EQ(result.out.size(), 1000u);
    EXPECT_EQ(result.exit, 0);
}

TEST(Process, IsCancelled) {
    const ProcessResult result = run_process({.argv = {"sleep", "60"}, .cancelled = [] { return true; }});
    EXPECT_TRUE(result.cancelled);
    EXPECT_EQ(result.how_it_ended(), "was interrupted");
}

TEST(Process, TellsLinesAsTheyCome) {
    std::vector<std::string> lines;
    run_process({.argv = {"sh", "-c", "printf 'one\\ntwo\\rthree\\n' >&2"},
                 .on_error_line = [&](std::string_view line) { lines.emplace_back(line); }});
    EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "three"}));
}

TEST(Process, AMissingProgramIsNamed) {
    try {
        run_process({.argv = {"no-such-program"}});
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_NE(std::string(error.what()).find("no-such-program is not installed"), std::string::npos);
    }
}

TEST(Process, AFailedOneIsQuoted) {
    try {
        run_checked("baking", {.argv = {"sh", "-c", "echo too hot >&2; exit 4"}});
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_STREQ(error.what(), "baking: sh exited with 4:\ntoo hot");
    }
}

TEST(Child, SpeaksAndEndsWithItsOwner) {
    pid_t pid = 0;
    {
        Child child({"cat"});
        pid = child.pid();
        ASSERT_EQ(::write(child.input(), "hello\n", 6), 6);
        char answer[6];
        ASSERT_EQ(::read(child.output(), answer, 6), 6);
        EXPECT_EQ(std::string(answer, 6), "hello\n");
        EXPECT_FALSE(child.wait(0));
    }
    EXPECT_NE(::kill(pid, 0), 0);
}

}  // namespace
}  // namespace clamproof
