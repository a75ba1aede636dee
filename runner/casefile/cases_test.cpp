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
