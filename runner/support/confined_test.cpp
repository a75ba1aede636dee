#include "support/confined.h"

#include <gtest/gtest.h>
#include <unistd.h>

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

}  // namespace
}  // namespace clamproof
