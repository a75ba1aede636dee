#include "image/build/mirrors.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

const std::string url = "https://vendor.example/9/house.qcow2?a=http";

TEST(Mirrored, ReplacesTheLongestBeginning) {
    EXPECT_EQ(mirrored(url, ""), url);
    EXPECT_EQ(mirrored(url, "https://other.example/=http://mirror/"), url);
    EXPECT_EQ(mirrored(url, "https://vendor.example/=http://mirror/v/"),
              "http://mirror/v/9/house.qcow2?a=http");
    EXPECT_EQ(mirrored(url, " https://vendor.example/9/=http://nine/  https://vendor.example/=http://all/"),
              "http://nine/house.qcow2?a=http");
    EXPECT_EQ(mirrored("file:///srv/repo/x", "file:///srv/repo/=http://mirror/"), "http://mirror/x");
}

TEST(Mirrored, RefusesWhatIsNoPair) {
    EXPECT_THROW(mirrored(url, "https://vendor.example/=file:///srv/"), InputError);
    EXPECT_THROW(mirrored(url, "https://vendor.example/"), InputError);
    EXPECT_THROW(mirrored(url, "vendor=mirror"), InputError);
}

TEST(SnapshotSources, AreOfTheDay) {
    const std::map<std::string, std::string> addresses = {{"main", "http://past.example/house/{day}/"},
                                                          {"security", "http://past.example/locks/{day}"}};
    EXPECT_EQ(snapshot_sources(addresses, "20261101T000000Z", "new", {"updates", "security"}),
              "deb http://past.example/house/20261101T000000Z/ new main\n"
              "deb http://past.example/house/20261101T000000Z/ new-updates main\n"
              "deb http://past.example/locks/20261101T000000Z new-security main\n");
}

}  // namespace
}  // namespace clamproof
