#include "support/file_lock.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "support/clock.h"
#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

using Kind = FileLock::Kind;

class FileLockTest : public testing::Test {
  protected:
    // A process that has the lock until it is told to go.
    Child holder(const char* kind) {
        Child child({"flock", kind, path_.string(), "sh", "-c", "echo locked; exec cat"});
        char word[7];
        EXPECT_EQ(::read(child.output(), word, sizeof word), 7) << "flock(1) does not start";
        return child;
    }

    clamproof::TempDir folder_{testing::TempDir(), "lock-"};
    fs::path path_ = folder_.path() / "lock";
};

TEST_F(FileLockTest, AnExclusiveOneIsHeldOnce) {
    {
        const auto first = FileLock::try_lock(path_);
        EXPECT_TRUE(first);
        EXPECT_FALSE(FileLock::try_lock(path_));
        EXPECT_FALSE(FileLock::try_lock(path_, Kind::Shared));
    }
    EXPECT_TRUE(FileLock::try_lock(path_));
}

TEST_F(FileLockTest, SharedOnesExcludeExclusiveOnesAlone) {
    const auto one = FileLock::try_lock(path_, Kind::Shared), other = FileLock::try_lock(path_, Kind::Shared);
    EXPECT_TRUE(one && other);
    EXPECT_FALSE(FileLock::try_lock(path_));
}

TEST_F(FileLockTest, AWaitTellsOnceWhomItWaitsFor) {
    Child other = holder("--shared");
    std::vector<std::string> said;
    const Stopwatch watch;
    const FileLock lock(path_, Kind::Exclusive,
                        {.what = "the door is in use",
                         .cancelled =
                             [&] {
                                 if (watch.seconds() > 1.5) other.close_input();
                                 return false;
                             },
                         .say = [&](const std::string& text) { said.push_back(text); }});
    ASSERT_EQ(said.size(), 1u);
    EXPECT_EQ(said[0], fmt::format("the door is in use by process {} (flock --shared {} sh -c echo locked; "
                                   "exec cat); waiting for that to end",
                                   other.pid(), path_.string()));
    EXPECT_TRUE(other.wait(10));
}

TEST_F(FileLockTest, AWaitEndsWhenItIsCancelled) {
    const Child other = holder("--exclusive");
    const Stopwatch watch;
    try {
        const FileLock lock(path_, Kind::Shared, {.what = "the door is locked", .cancelled = [&] {
                                                      return watch.seconds() > 0.2;
                                                  }});
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_NE(std::string(error.what()).find("interrupted: the door is locked by process"),
                  std::string::npos)
            << error.what();
    }
    EXPECT_LT(watch.seconds(), 1);
}

TEST_F(FileLockTest, OneWhoIsKilledLocksNobodyOut) {
    Child other = holder("--exclusive");
    other.kill(SIGKILL);
    EXPECT_TRUE(other.wait(10));
    const Stopwatch watch;
    const FileLock lock(path_, Kind::Exclusive, {.cancelled = [&] { return watch.seconds() > 5; }});
}

}  // namespace
}  // namespace clamproof
