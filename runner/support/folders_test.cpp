#include "support/folders.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

class FoldersTest : public testing::Test {
  protected:
    FoldersTest() {
        for (const char* name : {"shipped", "own"}) {
            make_folder(path(name));
            folders_.add(path(name));
        }
    }
    fs::path path(const std::string& name) const { return folder_.path() / name; }

    TempDir folder_{fs::temp_directory_path(), "clamproof-test-"};
    Folders folders_;
};

TEST_F(FoldersTest, AreLookedInInTheirOrder) {
    write_file(path("shipped/lib.sh"), "");
    EXPECT_EQ(folders_.find("lib.sh"), path("shipped/lib.sh"));
    write_file(path("own/lib.sh"), "");
    EXPECT_EQ(folders_.find("lib.sh"), path("shipped/lib.sh"));
    EXPECT_EQ(folders_.beginning_with(path("own")).find("lib.sh"), path("own/lib.sh"));
}

TEST_F(FoldersTest, OfWhatIsNowhereTheFirstFolderIsNamed) {
    EXPECT_EQ(folders_.find("lib.sh"), path("shipped/lib.sh"));
    EXPECT_EQ(folders_.text(), path("shipped").string() + " and " + path("own").string());
}

TEST_F(FoldersTest, OneFolderIsThereOnceByWhateverName) {
    folders_.add(path("own/../shipped/"));
    fs::create_directory_symlink(path("own"), path("link"));
    folders_.add(path("link"));
    EXPECT_EQ(folders_.list.size(), 2U);
    EXPECT_TRUE(folders_.has(path("link")));
    EXPECT_FALSE(folders_.has(path("absent")));
}

TEST_F(FoldersTest, AreAbsoluteAndWithoutASlashAtTheEnd) {
    Folders here;
    here.add("cases/");
    EXPECT_EQ(here.list, std::vector{fs::current_path() / "cases"});
}

TEST_F(FoldersTest, ANameInTwoOfThemIsRefusedNamingBoth) {
    const auto names = [&](const fs::path& folder) {
        return folder == path("own") ? std::vector<std::string>{"leak", "mine"}
                                     : std::vector<std::string>{"leak"};
    };
    try {
        by_name(folders_, "case", names);
        FAIL() << "it was taken";
    } catch (const InputError& error) {
        const std::string what = error.what();
        EXPECT_NE(
            what.find("the case leak is in " + path("shipped").string() + " and in " + path("own").string()),
            std::string::npos)
            << what;
    }
    const auto all = by_name(folders_.beginning_with(path("own")), "case", [&](const fs::path& folder) {
        return std::vector<std::string>{folder.filename()};
    });
    EXPECT_EQ(all.at("shipped"), path("shipped"));
    EXPECT_EQ(all.at("own"), path("own"));
}

}  // namespace
}  // namespace clamproof
