#include "image/installed.h"

#include <gtest/gtest.h>

#include <chrono>

#include "support/error.h"

namespace clamproof {
namespace {

class InstalledTest : public testing::Test {
  protected:
    InstalledTest() : folder_(testing::TempDir(), "installed-") {
        for (const char* name : {"package-managers/opkg", "other"}) make_folder(path(name));
        write_file(path("package-managers/installed.sh"), "true\n");
        for (const char* script : {"install.sh", "list.sh"})
            write_file(path("package-managers/opkg") / script, "true\n");
        write_file(path("door_2.ipk"), "a door");
        image_.definition.folder = folder_.path();
        image_.definition.package_manager = "opkg";
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

    Stage door() const { return {.packages = read_packages({path("door_2.ipk")})}; }

    // As an installation leaves it.
    void keep_layer(const Stage& packages) {
        ASSERT_FALSE(find_installed(image_, packages));
        make_folder(path("house-1/with"));
        const fs::path layer = layer_folder(image_, packages);
        make_folder(layer);
        write_file(layer / "facts", "clamd=1.4\n");
        write_file(layer / "packages", "door=2\n");
    }

    clamproof::TempDir folder_;
    BuiltImage image_;
};

TEST_F(InstalledTest, TellsWhatIsNoPackageFile) {
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

TEST_F(InstalledTest, WithoutPackagesItIsTheImage) {
    EXPECT_EQ(find_installed(image_, {})->facts, image_.facts);
}

TEST_F(InstalledTest, FactsAndPackagesAreThoseAfterTheInstallation) {
    const Stage packages = door();
    keep_layer(packages);
    const auto found = find_installed(image_, packages);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->facts.at("clamd"), "1.4");
    EXPECT_EQ(found->packages.at("door"), "2");
}

TEST_F(InstalledTest, OtherContentOrAnotherWayToInstallIsAnotherLayer) {
    keep_layer(door());
    write_file(path("door_2.ipk"), "a better door");
    EXPECT_FALSE(find_installed(image_, door()));
    write_file(path("door_2.ipk"), "a door");
    EXPECT_TRUE(find_installed(image_, door()));
    for (const char* script : {"opkg/install.sh", "installed.sh"}) {
        write_file(path("package-managers") / script, "false\n");
        EXPECT_FALSE(find_installed(image_, door())) << script;
        write_file(path("package-managers") / script, "true\n");
        EXPECT_TRUE(find_installed(image_, door())) << script;
    }
}

TEST_F(InstalledTest, WhatNobodyAskedForInAWeekIsForgotten) {
    const Stage packages = door();
    keep_layer(packages);
    EXPECT_TRUE(forgotten_layers(image_.entry).empty());
    const fs::path layer = layer_folder(image_, packages);
    fs::last_write_time(layer, fs::file_time_type::clock::now() - std::chrono::days(8));
    EXPECT_EQ(forgotten_layers(image_.entry), std::vector<fs::path>{layer});
}

TEST_F(InstalledTest, AScriptIsAStageOfItsOwn) {
    Stage scripted = door();
    scripted.script = "echo painted\n";
    keep_layer(door());
    EXPECT_FALSE(find_installed(image_, scripted));
    EXPECT_NE(stage_key(image_.definition, door()), stage_key(image_.definition, scripted));
}

TEST_F(InstalledTest, ALayerLiesOverALayer) {
    keep_layer(door());
    const BuiltImage with_door = *find_installed(image_, door());
    EXPECT_EQ(with_door.top(), layer_folder(image_, door()));
    const Stage paint{.packages = {}, .script = "echo painted\n"};
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

class BlameTest : public InstalledTest {
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

class AskTest : public BlameTest {
  protected:
    AskTest() {
        write_file(path("paint.sh"), "what paint\n");
        guest_.answers = {{"clamproof/facts", {.exit = 0, .out = "init=systemd\n", .err = ""}},
                          {"what paint", {.exit = 0, .out = "red\n", .err = ""}}};
    }

    void ask_for_paint() {
        image_.definition.asked = {{.name = "paint", .values = {"red", "blue"}, .script = path("paint.sh")}};
    }

    std::string asking_says(const ScriptResult& answer) {
        guest_.answers.back().second = answer;
        try {
            ask_facts(guest_, image_.definition);
            return "nothing";
        } catch (const InfraError& error) {
            return error.what();
        }
    }
};

TEST_F(AskTest, AnAnswerIsAFactAmongOthers) {
    ask_for_paint();
    const Told told = ask_facts(guest_, image_.definition);
    EXPECT_EQ(facts_by_name(image_.definition, told),
              (Told{{"kind", "vm"}, {"init", "systemd"}, {"paint", "red"}}));
    EXPECT_EQ(change_guest(guest_, image_, door(), [](const std::string&) {}).facts.at("paint"), "red");
}

TEST_F(AskTest, WhatIsNotAnsweredIsNotTold) {
    ask_for_paint();
    guest_.answers.back().second.out = "";
    EXPECT_EQ(facts_by_name(image_.definition, ask_facts(guest_, image_.definition)).contains("paint"),
              false);
}

TEST_F(AskTest, AnAnswerThatCannotBeNamesTheScript) {
    ask_for_paint();
    EXPECT_NE(asking_says({.exit = 0, .out = "green\n", .err = ""})
                  .find("paint.sh says \"green\"; expected one of red, blue"),
              std::string::npos);
    EXPECT_NE(asking_says({.exit = 0, .out = "red\nblue\n", .err = ""}).find("paint.sh says"),
              std::string::npos);
    EXPECT_NE(asking_says({.exit = 2, .out = "", .err = "no brush"}).find("no brush"), std::string::npos);
}

TEST_F(AskTest, WhatIsKeptHoldsAsLongAsTheQuestionDoes) {
    keep_told(folder_.path(), ask_facts(guest_, image_.definition));
    EXPECT_EQ(facts_of(image_.definition, folder_.path()).at("init"), "systemd");
    const std::string without = stage_key(image_.definition, door());
    ask_for_paint();
    EXPECT_NE(stage_key(image_.definition, door()), without);
    EXPECT_TRUE(facts_of(image_.definition, folder_.path()).empty()) << "not asked yet";
    keep_told(folder_.path(), ask_facts(guest_, image_.definition));
    EXPECT_EQ(facts_of(image_.definition, folder_.path()).at("paint"), "red");

    write_file(path("paint.sh"), "what paint now\n");
    EXPECT_TRUE(facts_of(image_.definition, folder_.path()).empty()) << "another script";
    keep_told(folder_.path(), ask_facts(guest_, image_.definition));
    write_file(path("paint.sh"), "what paint\n");
    EXPECT_EQ(facts_of(image_.definition, folder_.path()).at("paint"), "red") << "it was asked once";
    EXPECT_EQ(read_file(path("facts")), "init=systemd\n") << "what the guest tells of itself is apart";
    fs::remove(path("facts"));
    EXPECT_TRUE(facts_of(image_.definition, folder_.path()).empty()) << "answers alone are not enough";
    keep_told(folder_.path(), ask_facts(guest_, image_.definition));
    image_.definition.asked.clear();
    EXPECT_EQ(facts_of(image_.definition, folder_.path()), (Told{{"kind", "vm"}, {"init", "systemd"}}));
}

}  // namespace
}  // namespace clamproof
