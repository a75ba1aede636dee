#include "guest/run_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace clamproof {
namespace {

class RunFolderTest : public testing::Test {
  protected:
    RunFolderTest() : cache_(testing::TempDir(), "cache-") {
        ::setenv("XDG_CACHE_HOME", cache_.path().c_str(), 1);
    }
    ~RunFolderTest() override { ::unsetenv("XDG_CACHE_HOME"); }
    clamproof::TempDir cache_;
};

TEST_F(RunFolderTest, GoesWithItsOwner) {
    fs::path files, sockets;
    {
        const RunFolder folder;
        files = folder.files();
        sockets = folder.sockets();
        EXPECT_TRUE(reap_dead_runs().empty()) << "it is alive";
        EXPECT_LT(sockets.string().size(), 40u);
    }
    EXPECT_FALSE(fs::exists(files));
    EXPECT_FALSE(fs::exists(sockets));
}

TEST_F(RunFolderTest, WhatADeadProcessLeftIsClearedUp) {
    const pid_t child = ::fork();
    if (child == 0) {
        const RunFolder folder;
        ::_exit(0);  // as by kill -9: nothing is tidied
    }
    ::waitpid(child, nullptr, 0);
    const auto words = reap_dead_runs();
    ASSERT_EQ(words.size(), 1u);
    EXPECT_EQ(words[0], "cleared up after process " + std::to_string(child) + ", which died: 0 guests ended");
    EXPECT_TRUE(reap_dead_runs().empty());
}

}  // namespace
}  // namespace clamproof
