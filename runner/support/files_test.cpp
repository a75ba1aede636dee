#include "support/files.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <iterator>

#include "support/error.h"
#include "support/fake_disk_test.h"

namespace clamproof {
namespace {

TEST(Files, WritesWholeAndReadsBack) {
    const clamproof::TempDir folder(testing::TempDir(), "files-");
    const std::string content("a\0b", 3);
    write_file(folder.path() / "file", content);
    write_file(folder.path() / "file", content + "c");
    EXPECT_EQ(read_file(folder.path() / "file"), content + "c");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "a temporary file is left";
}

TEST(Files, SaysWhatCannotBeReadOrWritten) {
    EXPECT_THROW(read_file("/nowhere/file"), InfraError);
    EXPECT_THROW(write_file("/nowhere/file", ""), InfraError);
    EXPECT_THROW(make_folder("/proc/nowhere"), InfraError);
    EXPECT_THROW(rename_path("/nowhere/file", "/nowhere/other"), InfraError);
}

TEST(Files, ANewNameIsTakenFromWhateverHadIt) {
    const clamproof::TempDir folder(testing::TempDir(), "name-");
    write_file(folder.path() / "old", "old");
    write_file(folder.path() / "new", "new");
    rename_path(folder.path() / "new", folder.path() / "old");
    EXPECT_EQ(read_file(folder.path() / "old"), "new");
    EXPECT_FALSE(fs::exists(folder.path() / "new"));
}

TEST(Files, ATempDirGoesUnlessKept) {
    fs::path gone, kept;
    {
        clamproof::TempDir first(testing::TempDir(), "dir-"), second(testing::TempDir(), "dir-");
        gone = first.path();
        kept = second.path();
        write_file(gone / "file", "");
        second.keep();
    }
    EXPECT_FALSE(fs::exists(gone));
    EXPECT_TRUE(fs::exists(kept));
    remove_tree(kept);
}

TEST(Files, WhatIsWrittenDurablyIsOnTheDiskBeforeItHasItsName) {
    const clamproof::TempDir folder(testing::TempDir(), "durable-");
    const FakeDisk disk;
    write_file(folder.path() / "file", "passing");
    EXPECT_TRUE(disk.synced().empty());
    write_file_durably(folder.path() / "file", "lasting");
    ASSERT_EQ(disk.synced().size(), 2u);
    EXPECT_TRUE(disk.synced()[0].filename().string().starts_with("file.")) << "under its temporary name";
    EXPECT_EQ(disk.synced()[1], folder.path());
    EXPECT_EQ(read_file(folder.path() / "file"), "lasting");
}

TEST(Files, WhatCannotBeBroughtToTheDiskDoesNotTakeTheOldOnesPlace) {
    const clamproof::TempDir folder(testing::TempDir(), "durable-");
    write_file(folder.path() / "file", "old");
    const FakeDisk disk;
    sync_descriptor = [](int) {
        errno = EIO;
        return -1;
    };
    EXPECT_THROW(write_file_durably(folder.path() / "file", "new"), InfraError);
    EXPECT_EQ(read_file(folder.path() / "file"), "old");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "nothing else is left";
}

TEST(Files, AFolderHasItsPlaceWhenAllOfItIsOnTheDisk) {
    const clamproof::TempDir folder(testing::TempDir(), "durable-");
    const fs::path made = folder.path() / "made", place = folder.path() / "place";
    make_folder(made / "inner");
    write_file(made / "file", "");
    write_file(made / "inner/file", "");
    const FakeDisk disk;
    move_into_place(made, place);
    for (const char* name : {"file", "inner", "inner/file"})
        EXPECT_GE(disk.when_synced(made / name), 0) << name;
    EXPECT_EQ(disk.synced().back(), folder.path()) << "its new name comes last";
    EXPECT_EQ(disk.synced()[disk.synced().size() - 2], made);
    EXPECT_TRUE(fs::exists(place / "inner/file"));
}

TEST(Files, Sha256OfKnownText) {
    const std::string digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    EXPECT_EQ(sha256("abc"), digest);
    EXPECT_EQ(sha256_base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    const clamproof::TempDir folder(testing::TempDir(), "sha-");
    write_file(folder.path() / "abc", "abc");
    EXPECT_EQ(sha256_file(folder.path() / "abc"), digest);
}

}  // namespace
}  // namespace clamproof
