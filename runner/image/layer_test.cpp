#include <gtest/gtest.h>

#include <chrono>

#include "image/install.h"
#include "support/error.h"

namespace clamproof {
namespace {

class LayerTest : public testing::Test {
  protected:
    LayerTest() : folder_(testing::TempDir(), "layer-") {
        for (const char* name : {"package-managers/opkg", "other"}) make_folder(path(name));
        write_file(path("package-managers/installed.sh"), "true\n");
        for (const char* script : {"install.sh", "list.sh"})
            write_file(path("package-managers/opkg") / script, "true\n");
        write_file(path("door_2.ipk"), "a door");
        image_.definition.folder = folder_.path();
        image_.definition.package_manager = "opkg";
        image_.definition.installed_by = ways_to_install(image_.definition);
        image_.entry = {.name = "house", .digest = "1", .folder = path("house-1")};
        image_.facts = {{"clamd", "1.0"}};
        image_.packages = {{"door", "1"}};
    }

    fs::path path(const std::string& name) const { return folder_.path() / name; }

    std::string complaint(const std::vector<std::string>& files) {
        try {
            read_packages(files);
            return "";
        } catch (const InputError& error) {
            return error.what();
        }
    }

    Layer door() const { return {.packages = read_packages({path("door_2.ipk")})}; }

    // As an installation leaves it.
    void keep_layer(const Layer& packages) {
        ASSERT_FALSE(find_layer(image_, packages));
        make_folder(path("house-1/with"));
        const fs::path layer = layer_folder(image_, packages);
        make_folder(layer);
        write_file(layer / "facts", "clamd=1.4\n");
        write_file(layer / "packages", "door=2\n");
    }

    clamproof::TempDir folder_;
    BuiltImage image_;
};

TEST_F(LayerTest, TellsWhatIsNoPackageFile) {
    EXPECT_EQ(complaint({path("door_2.ipk")}), "");
    EXPECT_NE(complaint({path("roof.ipk")}).find("there is no package file"), std::string::npos);
    EXPECT_NE(complaint({folder_.path()}).find("is a folder; name the package files in it"),
              std::string::npos);
    write_file(path("empty.ipk"), "");
    EXPECT_NE(complaint({path("empty.ipk")}).find("is empty"), std::string::npos);
    write_file(path("other/door_2.ipk"), "another door");
    EXPECT_NE(complaint({path("door_2.ipk"), path("other/door_2.ipk")}).find("two package files are named"),
              std::string::npos);
}

TEST_F(LayerTest, WithoutPackagesItIsTheImage) {
    EXPECT_EQ(find_layer(image_, {})->facts, image_.facts);
}

TEST_F(LayerTest, FactsAndPackagesAreThoseAfterTheInstallation) {
    const Layer packages = door();
    keep_layer(packages);
    const auto found = find_layer(image_, packages);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->facts.at("clamd"), "1.4");
    EXPECT_EQ(found->packages.at("door"), "2");
}

TEST_F(LayerTest, OtherContentOrAnotherWayToInstallIsAnotherLayer) {
    keep_layer(door());
    write_file(path("door_2.ipk"), "a better door");
    EXPECT_FALSE(find_layer(image_, door()));
    write_file(path("door_2.ipk"), "a door");
    EXPECT_TRUE(find_layer(image_, door()));
    for (const char* script : {"opkg/install.sh", "installed.sh"}) {
        write_file(path("package-managers") / script, "false\n");
        image_.definition.installed_by = ways_to_install(image_.definition);
        EXPECT_FALSE(find_layer(image_, door())) << script;
        write_file(path("package-managers") / script, "true\n");
        image_.definition.installed_by = ways_to_install(image_.definition);
        EXPECT_TRUE(find_layer(image_, door())) << script;
    }
}

TEST_F(LayerTest, WhatNobodyAskedForInAWeekIsForgotten) {
    const Layer packages = door();
    keep_layer(packages);
    EXPECT_TRUE(forgotten_layers(image_.entry).empty());
    const fs::path layer = layer_folder(image_, packages);
    fs::last_write_time(layer, fs::file_time_type::clock::now() - std::chrono::days(8));
    EXPECT_EQ(forgotten_layers(image_.entry), std::vector<fs::path>{layer});
}

TEST_F(LayerTest, AScriptMakesAnotherLayer) {
    Layer scripted = door();
    scripted.script = "echo painted\n";
    keep_layer(door());
    EXPECT_FALSE(find_layer(image_, scripted));
    EXPECT_NE(layer_key(image_.definition, door()), layer_key(image_.definition, scripted));
}

TEST_F(LayerTest, ALayerLiesOverALayer) {
    keep_layer(door());
    const BuiltImage with_door = *find_layer(image_, door());
    EXPECT_EQ(with_door.top(), layer_folder(image_, door()));
    const Layer paint{.packages = {}, .script = "echo painted\n"};
    const fs::path upper = layer_folder(with_door, paint);
    EXPECT_EQ(upper.parent_path(), with_door.top() / "with");
    make_folder(upper.parent_path());
    make_folder(upper);
    EXPECT_TRUE(forgotten_layers(image_.entry).empty());
    fs::last_write_time(upper, fs::file_time_type::clock::now() - std::chrono::days(8));
    EXPECT_EQ(forgotten_layers(image_.entry), std::vector<fs::path>{upper});
}

// A guest whose scripts come out as the test says, by what is to be found in their texts.
class ScriptedGuest : public Guest {
  public:
    ScriptResult run(const Script& script) override {
        for (const auto& [text, result] : answers)
            if (script.text.find(text) != std::string::npos) return result;
        return {.exit = 0, .out = "", .err = ""};
    }
    void reboot() override {}
    State save() override { return {}; }
    std::vector<fs::path> diagnose(const fs::path&) noexcept override { return {}; }

    std::vector<std::pair<std::string, ScriptResult>> answers;
};

class BlameTest : public LayerTest {
  protected:
    BlameTest() {
        make_folder(path("setup"));
        write_file(path("setup/settle.sh"), "settle the house\n");
        write_file(path("package-managers/opkg/install.sh"), "opkg install\n");
        image_.definition.settle = "settle.sh";
        image_.definition.lsm = "none";
    }

    // Whom an installation blames: "packages", "harness" or nobody.
    std::string blamed() {
        try {
            change_guest(guest_, image_, door(), [](const std::string&) {});
            return "nobody";
        } catch (const NotInstallable&) {
            return "packages";
        } catch (const InfraError&) {
            return "harness";
        }
    }

    ScriptedGuest guest_;
};

TEST_F(BlameTest, APackageManagerThatRefusesBlamesThePackages) {
    EXPECT_EQ(blamed(), "nobody");
    guest_.answers = {{"opkg install", {.exit = 100, .out = "", .err = "it has no hinges"}}};
    EXPECT_EQ(blamed(), "packages");
}

TEST_F(BlameTest, AnInstallationThatTakesTooLongBlamesTheHarness) {
    guest_.answers = {{"opkg install", {.exit = 124, .timed_out = true, .out = "", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
}

TEST_F(BlameTest, AGuestThatRanOutOfSomethingBlamesTheHarness) {
    guest_.answers = {{"opkg install", {.exit = 100, .out = "", .err = ""}},
                      {"oom_kill", {.exit = 0, .out = "disk is full\n", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
}

TEST_F(BlameTest, AClamdThatDoesNotWorkBlamesThePackages) {
    guest_.answers = {{"settle the house", {.exit = 4, .out = "", .err = "clamd does not answer"}}};
    EXPECT_EQ(blamed(), "packages");
}

TEST_F(BlameTest, AUnitThatFailsBlamesThePackages) {
    guest_.answers = {{"clamproof/booted", {.exit = 1, .out = "clamd.service loaded failed", .err = ""}}};
    EXPECT_EQ(blamed(), "packages");
    guest_.answers = {{"clamproof/booted", {.exit = 127, .out = "", .err = "not found"}}};
    EXPECT_EQ(blamed(), "harness");
}

TEST_F(BlameTest, WhateverIsOursBlamesTheHarness) {
    guest_.answers = {{"settle the house", {.exit = 124, .timed_out = true, .out = "", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
    guest_.answers = {{"settle the house", {.exit = 2, .out = "", .err = "sh: syntax error"}}};
    EXPECT_EQ(blamed(), "harness");
    guest_.answers = {{"clamproof/facts", {.exit = 1, .out = "", .err = "VERSION_ID: parameter not set"}}};
    EXPECT_EQ(blamed(), "harness");
    guest_.answers = {{"clamproof/booted", {.exit = 124, .timed_out = true, .out = "", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
}

}  // namespace
}  // namespace clamproof
