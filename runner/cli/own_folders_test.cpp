#include "cli/own_folders.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

class OwnFoldersTest : public testing::Test {
  protected:
    OwnFoldersTest() {
        for (const char* name : {"shipped/images", "shipped/cases", "site/cases", "both/images", "both/cases",
                                 "neither", "mine"})
            make_folder(path(name));
    }
    fs::path path(const std::string& name) const { return fs::canonical(folder_.path()) / name; }
    std::string text(const std::string& name) const { return path(name).string(); }
    Settings looking_in(const OwnFolders& own, const std::string& variable = "") const {
        Settings settings;
        look_in(settings, own, path("shipped"), variable);
        return settings;
    }

    TempDir folder_{fs::temp_directory_path(), "clamproof-test-"};
};

TEST_F(OwnFoldersTest, AreAddedToWhatComesWithTheProgram) {
    const Settings settings = looking_in({.images = {}, .cases = {text("mine"), text("shipped/cases")}});
    EXPECT_EQ(settings.cases.list, (std::vector{path("shipped/cases"), path("mine")}));
    EXPECT_EQ(settings.images.list, std::vector{path("shipped/images")});
}

TEST_F(OwnFoldersTest, MayBeNamedByTheEnvironment) {
    const Settings settings =
        looking_in({.images = {}, .cases = {text("mine")}}, text("site") + "::" + text("both"));
    EXPECT_EQ(settings.cases.list,
              (std::vector{path("shipped/cases"), path("site/cases"), path("both/cases"), path("mine")}));
    EXPECT_EQ(settings.images.list, (std::vector{path("shipped/images"), path("both/images")}));
}

TEST_F(OwnFoldersTest, AFolderOfTheEnvironmentThatHoldsNothingIsRefused) {
    EXPECT_THROW(looking_in({}, text("neither")), InputError);
    EXPECT_THROW(looking_in({}, text("absent")), InputError);
}

TEST_F(OwnFoldersTest, MayBeLookedInAlone) {
    const Settings settings = looking_in({.images = {}, .cases = {text("mine")}, .alone = true},
                                         text("both") + ":" + text("absent"));
    EXPECT_EQ(settings.cases.list, std::vector{path("mine")});
    EXPECT_EQ(settings.images.list, std::vector{path("shipped/images")}) << "none of them is named";
}

TEST_F(OwnFoldersTest, TheProgramIsNamedAsAnyShellFindsIt) {
    make_folder(path("bin"));
    make_folder(path("other"));
    write_file(path("bin/clamproof"), "");
    const std::string program = text("bin/clamproof");
    EXPECT_EQ(name_to_call("clamproof", ""), "clamproof");
    EXPECT_EQ(name_to_call(program, text("other") + ":" + text("bin")), "clamproof");
    EXPECT_EQ(name_to_call(program, text("other")), program);
    EXPECT_EQ(name_to_call(text("other/../bin/clamproof"), ""), program);
    write_file(path("other/clamproof"), "");
    EXPECT_EQ(name_to_call(program, text("other") + ":" + text("bin")), program) << "another one hides it";
}

}  // namespace
}  // namespace clamproof
