#include <gtest/gtest.h>

#include "guest/local_guest_test.h"
#include "image/package_source.h"
#include "support/files.h"

namespace clamproof {
namespace {

class PackageDatabaseTest : public testing::Test {
  protected:
    PackageDatabaseTest() : folder_(testing::TempDir(), "database-") {
        image_.name = "shed";
        image_.folders = folder_.path();
        image_.package_manager = "opkg";
        make_folder(folder_.path() / "package-managers/opkg");
        make_folder(to());
        guest_.write("/var/tmp/file", "a door\n");
    }
    void script(const std::string& text) {
        write_file(folder_.path() / "package-managers/opkg/database.sh", text);
    }
    std::string complaint() {
        try {
            copy_package_database(guest_, image_, to());
        } catch (const InfraError& error) {
            return error.what();
        }
        return "none";
    }
    fs::path to() const { return folder_.path() / "to"; }

    clamproof::TempDir folder_;
    LocalGuest guest_;
    ImageDefinition image_;
};

// Random, so that it is no smaller when it is packed.
TEST_F(PackageDatabaseTest, IsCopiedHoweverLarge) {
    script(
        "cd \"${ARCHIVE%/*}\"; mkdir opkg; head -c 4000000 /dev/urandom >opkg/status; tar -czf \"$ARCHIVE\" "
        "opkg");
    copy_package_database(guest_, image_, to());
    EXPECT_EQ(read_file(to() / "opkg/status"), read_file(guest_.path("/var/tmp/opkg/status")));
}

TEST_F(PackageDatabaseTest, WhatTheGuestSaysIsTold) {
    script("echo 'there is no database' >&2; exit 1");
    EXPECT_EQ(complaint(), "reading the package database of shed: there is no database");
    script("exit 0");
    EXPECT_NE(complaint().find("reading the package database of shed: cannot read /var/tmp/"),
              std::string::npos);
    script("echo no archive >\"$ARCHIVE\"");
    EXPECT_NE(complaint().find("is damaged or cut short"), std::string::npos);
}

TEST_F(PackageDatabaseTest, AFileOfTheGuestMayNotBeLargerThanWhatIsWanted) {
    EXPECT_EQ(get(guest_, "/var/tmp/file", 7), "a door\n");
    EXPECT_THROW(get(guest_, "/var/tmp/file", 6), InfraError);
}

}  // namespace
}  // namespace clamproof
