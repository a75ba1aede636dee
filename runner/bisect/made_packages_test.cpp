#include <gtest/gtest.h>

#include "bisect/candidates.h"
#include "image/install.h"

namespace clamproof {
namespace {

class MadePackages : public ::testing::Test {
  protected:
    std::vector<PackageFile> make(const std::string& command) const {
        return make_packages(command, "7", folder_.path() / "made" / "7", [] { return false; });
    }
    std::string refusal(const std::string& command) const {
        try {
            make(command);
        } catch (const NotInstallable& error) {
            return error.what();
        }
        return "none";
    }
    TempDir folder_{fs::temp_directory_path(), "made"};
};

TEST_F(MadePackages, TheCommandKnowsRevisionAndFolder) {
    EXPECT_TRUE(made_before(folder_.path() / "made" / "7").empty());
    const auto made = make("echo $REVISION >$PACKAGES/b; echo a >$PACKAGES/a");
    ASSERT_EQ(made.size(), 2u);
    EXPECT_EQ(made[0].file, folder_.path() / "made" / "7" / "a");
    EXPECT_EQ(read_file(made[1].file), "7\n");
    EXPECT_EQ(made_before(folder_.path() / "made" / "7").size(), 2u);
}

TEST_F(MadePackages, WhatCannotBeMadeCannotBeToldAbout) {
    EXPECT_NE(
        refusal("echo the cellar is flooded >&2; exit 125").find("exited with 125: the cellar is flooded"),
        std::string::npos);
    EXPECT_NE(refusal("true").find("made no packages of 7"), std::string::npos);
    EXPECT_TRUE(made_before(folder_.path() / "made" / "7").empty());
}

}  // namespace
}  // namespace clamproof
