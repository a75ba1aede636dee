#include "support/confined.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "support/error.h"

namespace clamproof {
namespace {

class ConfinedTest : public testing::Test {
  protected:
    ConfinedTest() : folder_(testing::TempDir(), "confined-"), file_(folder_.path() / "file") {
        write_file(file_, "ten bytes\n");
        if (::geteuid() == 0 && ::chown(file_.c_str(), nobody, nobody) != 0)
            throw InfraError("cannot give a file away");
    }

    std::string says(const std::string& script) const {
        return run_confined({.argv = {"sh", "-c", script, "sh"}}, file_).out;
    }

    TempDir folder_;
    fs::path file_;
};

TEST_F(ConfinedTest, AProgramHasItsFileAlone) {
    EXPECT_EQ(says("cat \"$1\""), "ten bytes\n");
    EXPECT_EQ(says("ulimit -v"), "4194304\n");
    if (::geteuid() != 0) GTEST_SKIP() << "only root has rights to drop";
    write_file(folder_.path() / "other", "secret\n");
    EXPECT_EQ(says("cat " + (folder_.path() / "other").string()), "");
    EXPECT_EQ(says("id -u; id -g; id -G; grep -c 'Cap.*0000000000000000' /proc/self/status"),
              "65534\n65534\n65534\n5\n");
    EXPECT_EQ(says("grep -c : /proc/net/dev"), "1\n") << "there is nothing but lo";
}

TEST_F(ConfinedTest, AProgramMakesNoFileLongerThanItsOwn) {
    says("head -c 100000 /dev/zero >>\"$1\"");
    EXPECT_EQ(fs::file_size(file_), 10U);
    says("printf 'TEN BYTES!' >\"$1\"");
    EXPECT_EQ(read_file(file_), "TEN BYTES!");
}

TEST_F(ConfinedTest, AProgramThatPrintsTooMuchIsEnded) {
    const ProcessResult result = run_confined({.argv = {"cat", "/dev/zero"}, .capture_limit = 10}, file_);
    EXPECT_TRUE(result.full);
    EXPECT_EQ(result.out, std::string(10, '\0'));
}

class SandboxTest : public testing::Test {
  protected:
    SandboxTest() : folder_(testing::TempDir(), "sandbox-"), secret_(folder_.path() / "secret") {
        write_file(secret_, "secret\n");
        fs::permissions(secret_, fs::perms{0644});
        make_folder(folder_.path() / "shown/below");
        for (const char* each : {"", "shown", "shown/below"})
            fs::permissions(folder_.path() / each, fs::perms{0777});
        write_file(folder_.path() / "shown/below/file", "shown\n");
    }
    void SetUp() override {
        if (!has_sandbox()) GTEST_SKIP() << "this host lets nobody make a sandbox";
    }

    std::string says(const std::string& script) const {
        const ProcessResult result =
            run_in_sandbox({.argv = {"sh", "-c", script}, .env = {{"FOLDER", folder_.path().string()}}},
                           {folder_.path() / "shown"});
        return result.out + result.err;
    }

    clamproof::TempDir folder_;
    fs::path secret_;
};

TEST_F(SandboxTest, AProgramHasWhatItIsLetReadAndNothingElseOfTheHost) {
    EXPECT_EQ(says("cat \"$FOLDER/shown/below/file\"; ls \"$FOLDER\""), "shown\nshown\n");
    EXPECT_EQ(says("for each in / /etc; do ls $each; done | grep -cx -e root -e home -e shadow"), "0\n");
    EXPECT_EQ(says("echo here >/tmp/file; cat /var/tmp/file"), "here\n");
    EXPECT_EQ(says("head -c 1 /dev/zero | wc -c; grep -c : /proc/net/dev"), "1\n1\n");
    // Its own shells: a host has more processes.
    EXPECT_EQ(says("[ $(ls -d /proc/[0-9]* | wc -l) -lt 8 ] && echo few"), "few\n");
}

TEST_F(SandboxTest, AProgramChangesNothing) {
    for (const char* file : {"$FOLDER/shown/file", "$FOLDER/shown/below/file", "/usr/clamproof", "/etc/file"})
        EXPECT_NE(says(fmt::format("echo pwned >\"{}\"", file)).find("cannot create"), std::string::npos);
    says(
        "mount -o remount,rw \"$FOLDER/shown\"; umount -R \"$FOLDER/shown\"; echo pwned >\"$FOLDER/secret\"");
    EXPECT_EQ(read_file(secret_), "secret\n");
    EXPECT_EQ(read_file(folder_.path() / "shown/below/file"), "shown\n");
}

TEST_F(SandboxTest, AProgramHasNoRights) {
    EXPECT_EQ(says("grep -c 'Cap.*0000000000000000' /proc/self/status"), "5\n");
    if (::geteuid() == 0) {
        EXPECT_EQ(says("id -u; id -g; id -G"), "65534\n65534\n65534\n");
    }
    ::setenv("CLAMPROOF_TOKEN", "secret", 1);
    EXPECT_EQ(says("echo $CLAMPROOF_TOKEN"), "\n");
    EXPECT_EQ(says("ulimit -v; ulimit -c"), "4194304\n0\n");
    EXPECT_NE(says("head -c 2000000000 /dev/zero >/tmp/file; ls -l /tmp/file").find("No space left"),
              std::string::npos);
}

TEST_F(SandboxTest, NothingOutlivesAProgram) {
    EXPECT_EQ(says("setsid sleep 3141592 & echo gone"), "gone\n");
    EXPECT_EQ(run_process({.argv = {"pgrep", "-f", "sleep 3141592"}}).exit, 1);
}

}  // namespace
}  // namespace clamproof
