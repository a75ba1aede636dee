#include "image/build/filesystem.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/error.h"

namespace clamproof {
namespace {

class FilesystemTest : public testing::Test {
  protected:
    FilesystemTest() : folder_(testing::TempDir(), "tree-"), root_(folder_.path() / "root") {
        make_folder(root_ / "var/lib/dpkg/info");
    }

    fs::path file(const std::string& name, std::time_t date) {
        const fs::path path = root_ / name;
        make_folder(path.parent_path());
        write_file(path, name);
        set_date(path, date);
        return path;
    }

    static void set_date(const fs::path& path, std::time_t date) {
        const timespec times[] = {{.tv_sec = date, .tv_nsec = 5}, {.tv_sec = date, .tv_nsec = 5}};
        ::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW);
    }

    static std::time_t date(const fs::path& path) {
        struct stat info {};
        ::lstat(path.c_str(), &info);
        return info.st_mtime;
    }

    std::string disk(const char* name) {
        const fs::path made = folder_.path() / name;
        make_disk({.root = root_, .disk = made, .size_mib = 16, .identity = "house", .date = 2000},
                  [](const std::string& doing, const ProcessOptions& options) {
                      return run_checked(doing, options);
                  });
        EXPECT_FALSE(fs::exists(made.string() + ".raw"));
        return sha256_file(made);
    }

    clamproof::TempDir folder_;
    fs::path root_;
};

TEST_F(FilesystemTest, LaterTimesAreSetBackAndEarlierOnesStay) {
    const fs::path early = file("etc/early", 1000), late = file("etc/late", 3000);
    fs::create_symlink("/nowhere", root_ / "link");
    set_back_times(root_, 2000);
    EXPECT_EQ(date(early), 1000);
    EXPECT_EQ(date(late), 2000);
    EXPECT_EQ(date(root_ / "link"), 2000);
    EXPECT_EQ(date(root_), 2000);
}

TEST_F(FilesystemTest, TheSameTreeMakesTheSameDisk) {
    file("etc/late", 3000);
    const std::string first = disk("first");
    fs::rename(root_, folder_.path() / "elsewhere");
    fs::copy(folder_.path() / "elsewhere", root_, fs::copy_options::recursive);
    EXPECT_EQ(disk("second"), first);
    file("etc/more", 1000);
    EXPECT_NE(disk("third"), first);
}

TEST_F(FilesystemTest, WhatDebugfsSaysIsAnError) {
    const auto says = [](const std::string& doing, const ProcessOptions& options) {
        ProcessResult result;
        result.exit = 0;
        if (doing == "setting times") result.err = "debugfs 1.47\n<2>: no such inode\n";
        if (doing == "making the file system") write_file(options.argv.at(options.argv.size() - 2), "");
        return result;
    };
    try {
        make_disk({.root = root_, .disk = folder_.path() / "disk", .size_mib = 16, .identity = "", .date = 1},
                  says);
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_NE(std::string(error.what()).find("<2>: no such inode"), std::string::npos);
    }
}

TEST_F(FilesystemTest, ATreeIsPackedTheSameTwice) {
    const auto packed = [&](const char* name) {
        pack_tree(root_, folder_.path() / name, 2000,
                  [](const std::string& doing, const ProcessOptions& options) {
                      return run_checked(doing, options);
                  });
        return sha256_file(folder_.path() / name);
    };
    file("etc/late", 3000);
    const std::string once = packed("once");
    fs::remove(root_ / "etc/late");
    file("etc/late", 4000);
    EXPECT_EQ(packed("twice"), once);
}

}  // namespace
}  // namespace clamproof
