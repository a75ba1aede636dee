#include <gtest/gtest.h>

#include "image/package_source.h"
#include "support/files.h"
#include "support/process.h"

namespace clamproof {
namespace {

// Runs scripts on this host, on a folder in place of the guest's /var/tmp.
class Shed : public Guest {
  public:
    explicit Shed(fs::path tmp) : tmp_(std::move(tmp)) {}
    ScriptResult run(const Script& script) override {
        std::string text = script.text;
        const std::string there = "/var/tmp/";
        for (auto at = text.find(there); at != std::string::npos; at = text.find(there))
            text.replace(at, there.size(), tmp_.string() + "/");
        const ProcessResult result = run_process({.argv = {"sh", "-c", text}});
        return {.exit = result.exit, .out = result.out, .err = result.err};
    }
    void reboot() override {}
    State save() override { return {}; }
    std::vector<fs::path> diagnose(const fs::path&) noexcept override { return {}; }

  private:
    fs::path tmp_;
};

class PackageDatabaseTest : public testing::Test {
  protected:
    PackageDatabaseTest() : folder_(testing::TempDir(), "database-"), guest_(folder_.path()) {
        image_.name = "shed";
        image_.folders = folder_.path();
        image_.package_manager = "opkg";
        make_folder(folder_.path() / "package-managers/opkg");
        make_folder(to());
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
    Shed guest_;
    ImageDefinition image_;
};

// Random, so that it is no smaller when it is packed.
TEST_F(PackageDatabaseTest, IsCopiedHoweverLarge) {
    script(
        "cd \"${ARCHIVE%/*}\"; mkdir opkg; head -c 4000000 /dev/urandom >opkg/status; tar -czf \"$ARCHIVE\" "
        "opkg");
    copy_package_database(guest_, image_, to());
    EXPECT_EQ(read_file(to() / "opkg/status"), read_file(folder_.path() / "opkg/status"));
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
    write_file(folder_.path() / "file", "a door\n");
    EXPECT_EQ(get(guest_, "/var/tmp/file", 7), "a door\n");
    EXPECT_THROW(get(guest_, "/var/tmp/file", 6), InfraError);
}

}  // namespace
}  // namespace clamproof
