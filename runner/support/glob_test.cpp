#include <gtest/gtest.h>

#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

using Names = std::vector<std::string>;

const Names images = {"debian-11-selinux", "debian-12-apparmor", "debian-12-selinux"};

TEST(MatchGlob, IsAShellPattern) {
    EXPECT_TRUE(match_glob("debian-*", "debian-12-selinux"));
    EXPECT_TRUE(match_glob("debian-1[12]-selinux", "debian-11-selinux"));
    EXPECT_TRUE(match_glob("debian-1?-selinux", "debian-12-selinux"));
    EXPECT_FALSE(match_glob("debian", "debian-12-selinux"));
    EXPECT_FALSE(match_glob("*selinux", "debian-12-apparmor"));
}

TEST(SelectByGlobs, KeepsTheOrderOfTheNames) {
    EXPECT_EQ(select_by_globs({}, images, "image"), images);
    EXPECT_EQ(select_by_globs({"*-12-*", "debian-11-selinux", "*-12-*"}, images, "image"), images);
    EXPECT_EQ(select_by_globs({"*selinux"}, images, "image"), (Names{images[0], images[2]}));
}

TEST(SelectByGlobs, RejectsAPatternThatMatchesNothing) {
    try {
        select_by_globs({"*", "debian-12-selnux"}, images, "image");
        FAIL() << "the second pattern matches nothing";
    } catch (const InputError& error) {
        EXPECT_STREQ(
            error.what(),
            "no image matches \"debian-12-selnux\"; there are: debian-11-selinux, debian-12-apparmor, "
            "debian-12-selinux (did you mean \"debian-12-selinux\"?)");
    }
    EXPECT_THROW(select_by_globs({"*"}, {}, "image"), InputError);
}

}  // namespace
}  // namespace clamproof
