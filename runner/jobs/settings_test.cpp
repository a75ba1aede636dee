#include "jobs/settings.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

class SettingsTest : public testing::Test {
  protected:
    SettingsTest() {
        settings_.shipped_images = "/share/images";
        settings_.shipped_cases = "/share/cases";
        settings_.images.list = {settings_.shipped_images};
        settings_.cases.list = {settings_.shipped_cases};
    }
    using Words = std::vector<std::string>;
    Words words() const { return called_of(settings_).options; }

    Settings settings_;
};

TEST_F(SettingsTest, WhatIsAsByDefaultNeedsNoWord) {
    EXPECT_EQ(words(), Words{});
    EXPECT_EQ(called_of(settings_).program, "clamproof");
}

TEST_F(SettingsTest, OwnFoldersAreNamedBesideThoseThatComeWithTheProgram) {
    settings_.cases.list.push_back("/site/cases");
    settings_.images.list.push_back("/site/images");
    EXPECT_EQ(words(), (Words{"--images", "/site/images", "--cases", "/site/cases"}));
}

TEST_F(SettingsTest, FoldersThatAreLookedInAloneAreSaidToBe) {
    settings_.cases.list = {"/one", "/two"};
    EXPECT_EQ(words(), (Words{"--cases", "/one", "--cases", "/two", "--only-own"}));
    // The others then have to be named whole.
    settings_.images.list.push_back("/site/images");
    EXPECT_EQ(words(), (Words{"--images", "/share/images", "--images", "/site/images", "--cases", "/one",
                              "--cases", "/two", "--only-own"}));
}

TEST_F(SettingsTest, HypervisorsAreNamed) {
    settings_.program = "/build/clamproof";
    settings_.accelerator = "tcg";
    settings_.connect = "qemu:///system";
    EXPECT_EQ(words(), (Words{"--accel", "tcg", "--connect", "qemu:///system"}));
    EXPECT_EQ(called_of(settings_).program, "/build/clamproof");
}

}  // namespace
}  // namespace clamproof
