#include "casefile/cases.h"

#include <gtest/gtest.h>

#include "casefile/case_test_folder.h"

namespace clamproof {
namespace {

std::vector<std::string> ids(const std::vector<Case>& cases) {
    std::vector<std::string> names;
    for (const Case& one : cases) names.push_back(one.id);
    return names;
}

TEST(LoadCases, AreSortedAndIgnoreOtherFolders) {
    const CaseTestFolder folder;
    folder.add("tmpdir");
    folder.add("apparmor");
    folder.add("selinux");
    make_folder(folder.path() / "notes");
    write_file(folder.path() / "lib.sh", "true\n");
    EXPECT_EQ(ids(load_cases(folder.path(), shipped_facts())),
              (std::vector<std::string>{"apparmor", "selinux", "tmpdir"}));
}

TEST(LoadCases, TellsOfABrokenCase) {
    const CaseTestFolder folder;
    folder.add("good");
    folder.add("bad", "{");
    EXPECT_THROW(load_cases(folder.path(), shipped_facts()), InputError);
}

TEST(LoadCases, WantsACase) {
    const CaseTestFolder folder;
    EXPECT_THROW(load_cases(folder.path(), shipped_facts()), InputError);
    EXPECT_THROW(load_cases(folder.path() / "absent", shipped_facts()), InputError);
}

TEST(LoadCases, OfSeveralFoldersAreOneListAndNoNameIsThereTwice) {
    const CaseTestFolder shipped, own;
    shipped.add("leak");
    own.add("door");
    Folders folders(shipped.path());
    folders.add(own.path());
    EXPECT_EQ(ids(load_cases(folders, shipped_facts())), (std::vector<std::string>{"door", "leak"}));
    own.add("leak");
    try {
        load_cases(folders, shipped_facts());
        FAIL() << "it was taken";
    } catch (const InputError& error) {
        const std::string what = error.what();
        EXPECT_NE(what.find("the case leak is in " + shipped.path().string()), std::string::npos) << what;
        EXPECT_NE(what.find(own.path().string()), std::string::npos) << what;
    }
}

TEST(LoadCases, HaveTheVocabularyOfTheirFolderElseTheFirstThereIs) {
    const CaseTestFolder shipped, own;
    Folders folders(shipped.path());
    folders.add(own.path());
    const Case door = load_case(own.add("door"), shipped_facts());
    EXPECT_THROW(library_of(folders, door), InputError);
    write_file(shipped.path() / "lib.sh", "shipped\n");
    EXPECT_EQ(library_of(folders, door), "shipped\n");
    write_file(own.path() / "lib.sh", "own\n");
    EXPECT_EQ(library_of(folders, door), "own\n");
    EXPECT_EQ(library_of(folders, load_case(shipped.add("leak"), shipped_facts())), "shipped\n");
}

TEST(SelectCases, PicksByPattern) {
    const CaseTestFolder folder;
    for (const char* id : {"selinux-ports", "selinux-tcp", "tmpdir-leak"}) folder.add(id);
    const std::vector<Case> cases = load_cases(folder.path(), shipped_facts());
    EXPECT_EQ(ids(select_cases(cases, {})), ids(cases));
    EXPECT_EQ(ids(select_cases(cases, {"selinux-*"})),
              (std::vector<std::string>{"selinux-ports", "selinux-tcp"}));
    try {
        select_cases(cases, {"tmpdir-leek"});
        FAIL();
    } catch (const InputError& error) {
        EXPECT_STREQ(
            error.what(),
            "no case matches \"tmpdir-leek\"; there are: selinux-ports, selinux-tcp, tmpdir-leak (did you "
            "mean \"tmpdir-leak\"?)");
    }
}

}  // namespace
}  // namespace clamproof
