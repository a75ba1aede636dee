#include "guest/overlay.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

// A guest's disk, made by mkfs of a folder, and what its root might have done to it.
class ReadFromDiskTest : public testing::Test {
  protected:
    ReadFromDiskTest() : folder_(testing::TempDir(), "disk-") {
        make_folder(path("tree/var/log/audit"));
        make_folder(path("tree/etc"));
        write_file(path("tree/var/log/audit/audit.log"), "type=AVC\n");
        write_file(path("tree/etc/secret"), "of the guest\n");
        std::filesystem::create_symlink("/etc/secret", path("tree/var/log/syslog"));
        std::filesystem::create_symlink("Type: regular", path("tree/var/log/kern.log"));
        make_folder(path("tree/var/log/messages"));
        write_file(path("tree/var/log/victims_pwned"), "owned\n");
        make_file_system();
    }

    void make_file_system() const {
        write_file(path("raw"), "");
        std::filesystem::resize_file(path("raw"), 4 << 20);
        run_checked("making a file system", {.argv = {"mkfs.ext4", "-q", "-O", "^metadata_csum", "-d",
                                                      path("tree").string(), path("raw").string()}});
    }

    fs::path path(const std::string& name) const { return folder_.path() / name; }

    // Writes into the file system as nobody's kernel would.
    void patch(const std::string& from, const std::string& to) {
        std::string raw = read_file(path("raw"));
        for (auto at = raw.find(from); at != std::string::npos; at = raw.find(from, at + 1))
            raw.replace(at, to.size(), to);
        write_file(path("raw"), raw);
    }

    std::map<std::string, std::string> read(const std::vector<std::string>& files) const {
        run_checked("making a disk", {.argv = {"qemu-img", "convert", "-O", "qcow2", path("raw").string(),
                                               path("disk").string()}});
        return read_from_disk(path("disk"), files);
    }

    TempDir folder_;
};

TEST_F(ReadFromDiskTest, RegularFilesAreRead) {
    const auto files = read({"/var/log/audit/audit.log", "/var/log/none"});
    EXPECT_EQ(files, (std::map<std::string, std::string>{{"/var/log/audit/audit.log", "type=AVC\n"}}));
}

TEST_F(ReadFromDiskTest, LinksAndFoldersAreLeftOut) {
    EXPECT_TRUE(read({"/var/log/syslog", "/var/log/messages", "/var/log/kern.log"}).empty());
}

// A file of a tebibyte, of which the disk holds nothing.
TEST_F(ReadFromDiskTest, OfALargeFileTheBeginningIsRead) {
    write_file(path("tree/var/log/large"), "it begins\n");
    std::filesystem::resize_file(path("tree/var/log/large"), std::uintmax_t{1} << 40);
    make_file_system();
    const auto files = read({"/var/log/large", "/var/log/audit/audit.log"});
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files.at("/var/log/large").size(), std::size_t{4} << 20);
    EXPECT_TRUE(files.at("/var/log/large").starts_with("it begins\n"));
}

// As they were before, wherever the name might lead.
TEST_F(ReadFromDiskTest, ANameThatClimbsOutWritesNothingOnThisHost) {
    patch("victims_pwned", "../../../pwne");
    write_file(path("disk"), "");
    const auto files_here = [&] {
        std::set<std::string> names;
        for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
            names.insert(entry.path().string());
        return names;
    };
    const auto before = files_here();
    read({"/var/log/audit/audit.log", "/var/log/../../../pwne"});
    EXPECT_EQ(files_here(), before);
}

TEST_F(ReadFromDiskTest, WhatReadsItHasNoRights) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has rights to drop";
    fs::permissions(folder_.path(), fs::perms(0755));
    make_folder(path("bin"), fs::perms(0755));
    write_file(path("bin/debugfs"),
               "#!/bin/sh\necho Type: regular, by $(id -u), $(grep CapBnd /proc/self/status)\n");
    fs::permissions(path("bin/debugfs"), fs::perms(0755));
    const std::string before = std::getenv("PATH");
    ::setenv("PATH", (path("bin").string() + ":" + before).c_str(), 1);
    const auto files = read({"/etc/secret"});
    ::setenv("PATH", before.c_str(), 1);
    ASSERT_EQ(files.size(), 1U);
    EXPECT_NE(files.at("/etc/secret").find("by 65534, CapBnd: 0000000000000000"), std::string::npos)
        << files.at("/etc/secret");
}

TEST_F(ReadFromDiskTest, AFileSystemThatE2fsckRefusesIsNotRead) {
    std::string raw = read_file(path("raw"));
    raw[1024 + 0x67] = static_cast<char>(0x40);  // a feature that nobody knows
    write_file(path("raw"), raw);
    EXPECT_THROW(read({"/var/log/audit/audit.log"}), InfraError);
}

TEST_F(ReadFromDiskTest, NoFileSystemAtAllIsNotRead) {
    write_file(path("raw"), std::string(1 << 20, 'x'));
    EXPECT_THROW(read({"/var/log/audit/audit.log"}), InfraError);
}

}  // namespace
}  // namespace clamproof
