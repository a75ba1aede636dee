#include "doubt/sabotage.h"

#include <gtest/gtest.h>

#include <map>

#include "proof/cell_run.h"
#include "proof/fake_door_test.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

// The door's scripts are commands of the honest world; those that the sabotage puts around them are
// understood as well.
class SabotageTest : public testing::Test {
  protected:
    SabotageTest() : folder_(testing::TempDir(), "sabotage-"), door_(folder_.path() / "door") {
        write_door(door_);
        mark("trigger", "# the fault");
        for (const char* fix : {"oil", "kick"}) mark(fix, "# the cure");
    }

    void mark(const std::string& script, const std::string& with) {
        write_file(door_ / (script + ".sh"), script + " " + with + "\n");
    }

    std::map<std::string, Sabotage> sabotages(ExpectedAs expected) {
        const Case subject = load_case(door_, door_facts);
        std::map<std::string, Sabotage> by_id;
        for (auto& one : write_sabotages(subject, {}, {}, expected, folder_.path())) {
            load_case(folder_.path() / one.id, door_facts);  // each is a case that can be read
            by_id.emplace(one.id.substr(one.id.find('.') + 1), one);
        }
        return by_id;
    }

    std::string text(const std::string& id, const std::string& file) {
        return read_file(folder_.path() / ("door." + id) / file);
    }

    TempDir folder_;
    fs::path door_;
};

TEST_F(SabotageTest, BreaksACaseInEveryKnownWay) {
    const auto all = sabotages(ExpectedAs::Fixed);
    std::vector<std::string> ids;
    for (const auto& [id, sabotage] : all) ids.push_back(id);
    EXPECT_EQ(ids, (std::vector<std::string>{"no-cure-kick", "no-cure-oil", "no-fault", "no-restart",
                                             "no-undo-oil", "once-oil", "probe-fails", "probe-passes",
                                             "restart-heals", "stray-kick", "stray-oil", "symptom",
                                             "took-blind", "took-never", "until-reboot-oil"}));
    EXPECT_EQ(text("no-fault", "trigger.sh"), ":\n");
    EXPECT_EQ(text("no-cure-oil", "oil.sh"), ":\n");
    EXPECT_EQ(text("no-undo-oil", "wipe.sh"), ":\n");
    EXPECT_EQ(text("restart-heals", "restart.sh"), "(\noil # the cure\n\n)\nrestart\n");
    EXPECT_EQ(load_case(folder_.path() / "door.no-cure-oil", door_facts).fixes.size(), 1U)
        << "no more is run than shows it";
}

TEST_F(SabotageTest, IsRebootedWhereThatShowsIt) {
    const auto survives = [&](const std::string& id) {
        return load_case(folder_.path() / ("door." + id), door_facts).fixes.front().survives;
    };
    sabotages(ExpectedAs::Fixed);
    EXPECT_EQ(survives("until-reboot-oil"), Survives::Reboot);
    for (const char* id : {"no-cure-oil", "no-undo-oil", "once-oil", "stray-oil", "restart-heals"})
        EXPECT_EQ(survives(id), Survives::Restart) << id;
}

TEST_F(SabotageTest, OfAnImmuneCellOnlyWhatItShows) {
    const auto all = sabotages(ExpectedAs::Immune);
    std::vector<std::string> ids;
    for (const auto& [id, sabotage] : all) ids.push_back(id);
    EXPECT_EQ(ids, (std::vector<std::string>{"no-fault", "probe-fails", "took-blind", "took-never"}));
}

TEST_F(SabotageTest, EvidenceIsBrokenPieceByPiece) {
    std::string text = door_json;
    text.insert(text.find("\"fixes\""),
                R"("evidence": [ { "denial": { "comm": "clamd" } }, { "no_denial": { "path": "/x" } },
        { "shows": { "script": "probe.sh", "output": "sticks" } } ], )");
    write_file(door_ / "case.json", text);
    const auto all = sabotages(ExpectedAs::Fixed);
    for (const char* id : {"evidence-1", "evidence-2", "evidence-3"}) EXPECT_TRUE(all.contains(id)) << id;
    EXPECT_EQ(load_case(folder_.path() / "door.evidence-2", door_facts).evidence[1].text(),
              "denial comm=nobody path=/x");
}

TEST_F(SabotageTest, AScriptWithoutItsMarkIsRefused) {
    write_file(door_ / "oil.sh", "oil\n");
    EXPECT_THROW(sabotages(ExpectedAs::Fixed), InputError);
}

TEST_F(SabotageTest, AMarkOnABranchIsRefused) {
    const std::string branch = "case $HAND in\nleft) trigger ;; # the fault\nesac\n";
    write_file(door_ / "trigger.sh", branch);
    try {
        sabotages(ExpectedAs::Fixed);
        FAIL() << "what is left of it does not parse";
    } catch (const InputError& error) {
        EXPECT_NE(std::string(error.what()).find("trigger.sh: without the lines that end in \"# the fault\""),
                  std::string::npos)
            << error.what();
    }
}

TEST_F(SabotageTest, IsNoticedByItsVerdict) {
    CellResult cell;
    cell.verdict = Verdict::NotTriggered;
    const Sabotage either{.id = "", .what = "", .verdicts = {Verdict::Immune, Verdict::NotTriggered}};
    EXPECT_FALSE(noticed(either, cell)) << "no arm was run";
    cell.arms.resize(1);
    EXPECT_TRUE(noticed(either, cell));
    EXPECT_FALSE(noticed({.id = "", .what = "", .verdicts = {Verdict::Immune}}, cell));
}

}  // namespace
}  // namespace clamproof
