#include "recipe/recipe.h"

#include <gtest/gtest.h>

#include "proof/fake_door_test.h"
#include "support/error.h"

namespace clamproof {
namespace {

// A guest that answers a recipe with a transcript.
class TranscriptGuest : public Guest {
  public:
    explicit TranscriptGuest(ScriptResult result) : result_(std::move(result)) {}
    ScriptResult run(const Script& script) override {
        got = script;
        return result_;
    }
    void reboot() override {}
    State save() override { throw InfraError("cannot be saved"); }
    std::vector<std::filesystem::path> diagnose(const std::filesystem::path&) noexcept override { return {}; }

    Script got;

  private:
    ScriptResult result_;
};

class RecipeTest : public testing::Test {
  protected:
    RecipeTest() : folder_(testing::TempDir(), "recipe-"), door_(made_door()) {
        image_.name = "house";
        image_.lsm = "none";
        image_.packages = {"clamav-daemon"};
    }

    Case made_door() {
        const fs::path door = folder_.path() / "door";
        write_door(door);
        write_file(door / "probe.sh", "open || exit 1\n");
        write_file(door / "evidence.sh", "look\n");
        std::string json = door_json;
        json.insert(json.find(R"("fixes")"),
                    R"("evidence": [{ "shows": { "script": "evidence.sh", "output": "it is wet" } }], )");
        write_file(door / "case.json", json);
        return load_case(door, door_facts);
    }

    Cell cell() const {
        return {.subject = door_,
                .image = image_,
                .facts = {{"lsm", "none"}},
                .variant = {},
                .library = "kick() { foot; }\n"};
    }
    Recipe recipe() const {
        return make_recipe(cell(), {.plain = "bare_clamd() { clamd; }\n",
                                    .packages = "install() { apt-get install \"$@\"; }\n"});
    }

    // What a guest prints in which all is as the case says.
    std::string transcript(std::map<std::string, std::string> instead = {}) const {
        std::map<RecipeStep::Purpose, std::string> says = {
            {RecipeStep::Purpose::Before, "/x: Eicar FOUND\nexit status: 0\n"},
            {RecipeStep::Purpose::Failure, "/x: OK\nit sticks\nexit status: 1\n"},
            {RecipeStep::Purpose::Evidence, "it is wet\n"},
            {RecipeStep::Purpose::Control, "exit status: 1\n"},
            {RecipeStep::Purpose::After, "exit status: 0\n"}};
        std::string text;
        for (const auto& step : recipe().steps) {
            const std::string heading = step.heading.substr(step.heading.find(' ') + 1);
            const auto other = instead.find(heading);
            text +=
                "== " + step.heading + "\n" + (other == instead.end() ? says[step.purpose] : other->second);
        }
        return text;
    }

    std::vector<std::string> differences_of(std::map<std::string, std::string> instead) const {
        Recipe made = recipe();
        EXPECT_TRUE(take_transcript(made, transcript(std::move(instead))));
        return differences(made, cell());
    }

    TempDir folder_;
    Case door_;
    ImageDefinition image_;
};

TEST_F(RecipeTest, HasEveryStepInPlainCommands) {
    EXPECT_EQ(recipe().script({"A door", "two\nlines"}),
              "#!/bin/sh\n# A door\n# two lines\n"
              "\necho '== 1. A machine for it'\napt-get install clamav-daemon\nclamd\n"
              "\necho '== 2. Before: this works'\nprobe() (\n    set -e\n    open || exit 1\n)\nprobe\necho "
              "\"exit status: $?\"\n"
              "\necho '== 3. The fault'\ntrigger\n"
              "\necho '== 4. What happens'\nprobe\necho \"exit status: $?\"\n"
              "\necho '== 5. A closer look'\nlook\n"
              "\necho '== 6. A restart does not help'\nrestart() (\n    restart\n)\nrestart >/dev/null "
              "2>&1\nprobe\necho "
              "\"exit status: $?\"\n"
              "\necho '== 7. The fix: oil it'\noil\n"
              "\necho '== 8. After: it works again'\nprobe\necho \"exit status: $?\"\n");
}

TEST_F(RecipeTest, IsProvedByItsTextAlone) {
    Recipe made = recipe();
    TranscriptGuest guest({.exit = 0, .out = transcript(), .err = ""});
    EXPECT_EQ(prove(made, cell(), guest), std::vector<std::string>{});
    EXPECT_EQ(guest.got.input, recipe().script({}));
    EXPECT_NE(made.script({}).find("# It printed:\n#   /x: OK\n#   it sticks\n#   exit status: 1\n"),
              std::string::npos);
    EXPECT_EQ(silent_misses(made), std::vector<std::string>{"/x: OK"});
}

TEST_F(RecipeTest, IsRefusedWhereItShowsSomethingElse) {
    const auto first = [&](std::map<std::string, std::string> instead) {
        const auto all = differences_of(std::move(instead));
        return all.empty() ? "nothing" : all.front();
    };
    EXPECT_EQ(first({}), "nothing");
    EXPECT_EQ(first({{"Before: this works", "no clamd\nexit status: 2\n"}}),
              "before the fault it does not work; its last words: no clamd");
    EXPECT_EQ(first({{"What happens", "it sticks\nexit status: 0\n"}}),
              "with the fault it still works; its last words: it sticks");
    EXPECT_EQ(first({{"What happens", "it squeaks\nexit status: 1\n"}}),
              "with the fault it does not say /it sticks/; its last words: it squeaks");
    EXPECT_EQ(first({{"A closer look", ""}}),
              "evidence.sh shows /it is wet/ (written out) does not; it printed nothing");
    EXPECT_EQ(first({{"A restart does not help", "exit status: 0\n"}}),
              "a restart alone cures it; it printed nothing");
    EXPECT_EQ(first({{"After: it works again", "it sticks\nexit status: 1\n"}}),
              "after the fix it does not work; its last words: it sticks");
    EXPECT_EQ(first({{"After: it works again", ""}}), "after the fix it does not work; it printed nothing");
}

TEST_F(RecipeTest, IsRefusedWhereItEndsEarly) {
    Recipe made = recipe();
    const std::string all = transcript();
    TranscriptGuest guest({.exit = 2, .out = all.substr(0, all.find("== 6")), .err = ""});
    EXPECT_EQ(prove(made, cell(), guest).at(0).find("it ended before its last step; its last words:"), 0U);
    TranscriptGuest mute({.exit = 127, .out = "", .err = ""});
    EXPECT_EQ(prove(made, cell(), mute).size(), 1U);
}

TEST_F(RecipeTest, AHangingGuestIsTheHarnesssTrouble) {
    Recipe made = recipe();
    TranscriptGuest guest({.exit = 137, .timed_out = true, .out = transcript(), .err = ""});
    EXPECT_THROW(prove(made, cell(), guest), InfraError);
}

TEST_F(RecipeTest, WhatAGuestPrintsStaysAComment) {
    const std::string hostile =
        "x\r\nrm -rf / \x1b[2J \\\n`run` $(run)\n\xe2\x80\xa8run\nexit status: 1\nit sticks\n";
    Recipe made = recipe();
    ASSERT_TRUE(take_transcript(made, transcript({{"What happens", hostile}, {"A closer look", hostile}})));
    std::string commands = made.script({});
    for (std::size_t at = 0; (at = commands.find("\n#")) != std::string::npos;)
        commands.erase(at, commands.find('\n', at + 1) - at);
    EXPECT_EQ(commands, recipe().script({}));
    EXPECT_EQ(made.script({}).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace clamproof
