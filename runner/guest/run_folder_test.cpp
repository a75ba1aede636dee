#include "guest/run_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

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

// An engine that cannot remove its only container before the file `removable` is there.
void note_engine(const fs::path& folder, const fs::path& at) {
    const fs::path program = at / "docker";
    write_file(program, "#!/bin/sh\ncd " + at.string() +
                            "\n[ $1 != rm ] || { [ -e removable ] && touch removed; exit; }\n"
                            "[ -e removed ] || echo one\n");
    fs::permissions(program, fs::perms::owner_all);
    record_engine(ContainerEngine({program.string()}), folder);
}

TEST_F(RunFolderTest, ItsRecordStaysWhileAContainerDoes) {
    const pid_t child = ::fork();
    if (child == 0) {
        const RunFolder folder;
        note_engine(folder.sockets(), cache_.path());
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    for (int start = 1; start <= 2; ++start) {
        const auto words = reap_dead_runs();
        ASSERT_EQ(words.size(), 1u) << start;
        EXPECT_TRUE(words[0].starts_with("cannot clear up after process " + std::to_string(child)))
            << words[0];
    }
    write_file(cache_.path() / "removable", "");
    EXPECT_EQ(reap_dead_runs(),
              (std::vector<std::string>{"cleared up after process " + std::to_string(child) +
                                        ", which died: 1 guest ended"}));
    EXPECT_TRUE(reap_dead_runs().empty());
}

TEST_F(RunFolderTest, AnOwnerLeavesTheRecordOfWhatItCannotEnd) {
    fs::path files;
    {
        const RunFolder folder;
        files = folder.files();
        note_engine(folder.sockets(), cache_.path());
    }
    EXPECT_TRUE(fs::exists(files));
    write_file(cache_.path() / "removable", "");
    EXPECT_EQ(reap_dead_runs().size(), 1u);
    EXPECT_FALSE(fs::exists(files));
}

}  // namespace
}  // namespace clamproof
