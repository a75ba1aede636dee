#include "support/files.h"

#include <gtest/gtest.h>

#include "support/error.h"

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

TEST(Files, ALockIsHeldOnce) {
    const clamproof::TempDir folder(testing::TempDir(), "lock-");
    const fs::path path = folder.path() / "lock";
    {
        const auto first = FileLock::try_lock(path);
        EXPECT_TRUE(first);
        EXPECT_FALSE(FileLock::try_lock(path));
    }
    EXPECT_TRUE(FileLock::try_lock(path));
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
