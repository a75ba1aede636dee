#include <gtest/gtest.h>

#include "support/archive.h"
#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

class UnpackTest : public testing::Test {
  protected:
    UnpackTest() : folder_(testing::TempDir(), "unpack-") {
        write_file(folder_.path() / "secret", "do not write here\n");
        make_folder(tree() / "house");
        make_folder(to());
        write_file(tree() / "house" / "door", "a door\n");
        fs::create_symlink(folder_.path() / "secret", tree() / "house" / "link");
    }

    void pack(std::vector<std::string> words) {
        words.insert(words.begin(), {"tar", "-C", tree().string(), "-f", archive().string()});
        run_checked("packing", {.argv = std::move(words)});
    }

    std::string complaint(std::uint64_t largest = 1000) {
        try {
            unpack_files(archive(), to(), largest);
        } catch (const InputError& error) {
            return error.what();
        }
        return "none";
    }

    fs::path tree() const { return folder_.path() / "tree"; }
    fs::path to() const { return folder_.path() / "to"; }
    fs::path archive() const { return folder_.path() / "archive"; }

    clamproof::TempDir folder_;
};

TEST_F(UnpackTest, FilesArePutWhereTheyBelong) {
    for (const char* how : {"-c", "-cz"}) {
        pack({how, "house"});
        unpack_files(archive(), to(), 7);
        EXPECT_EQ(read_file(to() / "house/door"), "a door\n");
        EXPECT_FALSE(fs::exists(fs::symlink_status(to() / "house/link"))) << "links are not made";
        fs::remove_all(to() / "house");
    }
}

TEST_F(UnpackTest, NothingIsWrittenElsewhere) {
    pack({"-cP", "--transform", "s,house,../elsewhere,", "house/door"});
    EXPECT_NE(complaint().find("holds a file ../elsewhere/door, which is not below"), std::string::npos);
    pack({"-cP", "--transform", "s,^," + folder_.path().string() + "/,", "house/door"});
    EXPECT_NE(complaint().find("which is not below"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder_.path() / "elsewhere"));
    EXPECT_FALSE(fs::exists(folder_.path() / "house"));
}

// First the link, then a file through it.
TEST_F(UnpackTest, NoLinkLeadsOut) {
    pack({"-c", "house/link"});
    fs::remove(tree() / "house/link");
    write_file(tree() / "house/link", "overwritten\n");
    pack({"-r", "house/link"});
    unpack_files(archive(), to(), 1000);
    EXPECT_EQ(read_file(folder_.path() / "secret"), "do not write here\n");
    EXPECT_EQ(read_file(to() / "house/link"), "overwritten\n");
}

TEST_F(UnpackTest, RefusesMoreFilesThanAnybodyNeeds) {
    std::string names;
    for (int i = 0; i < 20'001; ++i) names += "house\n";
    write_file(folder_.path() / "names", names);
    pack({"-c", "--no-recursion", "-T", (folder_.path() / "names").string()});
    EXPECT_NE(complaint().find("holds more than 20000 files"), std::string::npos) << complaint();
}

TEST_F(UnpackTest, TheOneFileOfAnArchiveIsReadAsFarAsItGoes) {
    const auto packed = [&](const std::string& name, std::size_t bytes) {
        pack({"-c", "--no-recursion", name});
        return packed_file(read_file(archive()).substr(0, bytes));
    };
    EXPECT_EQ(packed("house/door", 10000), "a door\n");
    write_file(tree() / "house/large", std::string(100'000, 'x'));
    EXPECT_EQ(packed("house/large", 512 + 1024), std::string(1024, 'x')) << "it was cut off";
    fs::resize_file(tree() / "house/large", std::uintmax_t{1} << 40);
    pack({"-c", "--sparse", "house/large"});
    const auto sparse = packed_file(read_file(archive()));
    ASSERT_TRUE(sparse);
    EXPECT_TRUE(sparse->starts_with(std::string(100'000, 'x')));
    EXPECT_LT(sparse->size(), 200'000U) << "what it claims is not believed";
    run_checked("making a pipe", {.argv = {"mkfifo", (tree() / "house/pipe").string()}});
    for (const char* other : {"house", "house/link", "house/pipe"})
        EXPECT_EQ(packed(other, 10000), std::nullopt) << other;
    EXPECT_EQ(packed_file("no archive at all"), std::nullopt);
}

TEST_F(UnpackTest, RefusesWhatIsTooLargeOrDamaged) {
    pack({"-cz", "house"});
    EXPECT_NE(complaint(6).find("holds more than it may"), std::string::npos);
    const std::string whole = read_file(archive());
    write_file(archive(), whole.substr(0, whole.size() / 2));
    EXPECT_NE(complaint().find("is damaged or cut short"), std::string::npos);
    write_file(archive(), "no archive at all, but long enough to look like something\n");
    EXPECT_NE(complaint().find("is damaged or cut short"), std::string::npos);
}

}  // namespace
}  // namespace clamproof
