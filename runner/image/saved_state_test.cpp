#include "image/saved_state.h"

#include <gtest/gtest.h>

#include <chrono>

#include "guest/empty_disk_test.h"
#include "guest/overlay.h"
#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

SavedOrigin here() {
    return {.machine = {{"accelerator", "tcg"},
                        {"QEMU", "7.2.22"},
                        {"libvirt", "9.0.0"},
                        {"processor", "emulated"},
                        {"machine", "0123456789abcdef"}},
            .disk = "beef"};
}

SavedOrigin with(const char* part, const std::string& value) {
    SavedOrigin origin = here();
    for (auto& each : origin.machine)
        if (each.name == part) each.value = value;
    return origin;
}

class SavedStateTest : public testing::Test {
  protected:
    SavedStateTest() : folder_(testing::TempDir(), "warm-") {
        entry_ = {.name = "house", .digest = "0123", .folder = folder_.path() / "house-0123"};
        make_folder(entry_.folder);
        make_empty_disk(entry_.disk());
    }

    State keep(const SavedOrigin& origin) {
        write_file(folder_.path() / "memory", "what a guest remembers");
        make_overlay(folder_.path() / "layer", entry_.disk());
        return keep_saved(
            {.memory = folder_.path() / "memory", .disk = folder_.path() / "layer", .keeps = {}}, entry_,
            origin);
    }

    std::string trouble() { return check_saved(entry_, here()).trouble; }

    clamproof::TempDir folder_;
    StoreEntry entry_;
};

TEST_F(SavedStateTest, WhatIsKeptIsFound) {
    EXPECT_FALSE(check_saved(entry_, here()).state);
    EXPECT_EQ(trouble(), "");
    const State kept = keep(here());
    const SavedCheck found = check_saved(entry_, here());
    ASSERT_TRUE(found.state);
    EXPECT_EQ(found.state->memory, kept.memory);
    EXPECT_EQ(disk_below(found.state->disk), "../../disk.qcow2");
    EXPECT_EQ(disk_below(entry_.disk()), "");
}

TEST_F(SavedStateTest, AnotherQemuIsNamed) {
    keep(with("QEMU", "7.2.15"));
    EXPECT_FALSE(check_saved(entry_, here()).state);
    EXPECT_EQ(trouble(), "was saved by QEMU 7.2.15, this host has 7.2.22");
}

TEST_F(SavedStateTest, EachPartHasItsWords) {
    EXPECT_EQ(difference(here(), here()), "");
    EXPECT_EQ(difference(with("libvirt", "8.0.0"), here()),
              "was saved by libvirt 8.0.0, this host has 9.0.0");
    EXPECT_EQ(difference(with("accelerator", "kvm"), here()),
              "was saved under kvm, guests run under tcg now");
    EXPECT_EQ(difference(with("processor", "A"), with("processor", "B")),
              "was saved on A, this processor is B");
    EXPECT_NE(difference(with("machine", "x"), here()), "");
}

TEST_F(SavedStateTest, ATruncatedOneIsNoticed) {
    const State kept = keep(here());
    fs::resize_file(kept.memory, 5);
    EXPECT_FALSE(check_saved(entry_, here()).state);
    EXPECT_TRUE(trouble().starts_with("is damaged: ")) << trouble();
}

TEST_F(SavedStateTest, ADiskThatChangedIsNoticed) {
    SavedOrigin other = here();
    other.disk = "cafe";
    keep(other);
    EXPECT_FALSE(check_saved(entry_, here()).state);
    EXPECT_EQ(trouble(), "was saved over another disk than the image has");
}

TEST_F(SavedStateTest, OneThatDoesNotTellItsOriginIsNotUsed) {
    const fs::path folder = keep(here()).memory.parent_path();
    fs::remove(folder / origin_name);
    SealedFolder::seal(folder, {"memory", "disk.qcow2"});
    EXPECT_EQ(trouble(), "does not tell what it was saved by");
}

TEST(SavedOrigin, SurvivesItsText) {
    const SavedOrigin read = origin_from_json(origin_to_json(here()), "made-by.json");
    EXPECT_EQ(read.machine, here().machine);
    EXPECT_EQ(read.disk, here().disk);
    EXPECT_THROW(origin_from_json("{}", "made-by.json"), InputError);
}

TEST(DiskBelow, WhatIsNoDiskOrKeepsItsDataElsewhereIsNone) {
    const clamproof::TempDir folder(testing::TempDir(), "disk-");
    write_file(folder.path() / "text", "no disk");
    EXPECT_FALSE(disk_below(folder.path() / "text"));
    run_checked("making a disk", {.argv = {"qemu-img", "create", "-q", "-f", "qcow2", "-o",
                                           "data_file=" + (folder.path() / "data").string(),
                                           (folder.path() / "split").string(), "1M"}});
    EXPECT_FALSE(disk_below(folder.path() / "split"));
}

TEST_F(SavedStateTest, ALaterStateUnderTheSameAcceleratorOutdatesAFormerOne) {
    const auto warm = [&](const SavedOrigin& origin) { return entry_.warm(origin.key()); };
    const SavedOrigin former = with("QEMU", "7.2.15"), other = with("accelerator", "kvm");
    for (const auto& origin : {former, here(), other}) keep(origin);
    fs::last_write_time(warm(former), fs::last_write_time(warm(here())) - std::chrono::hours(1));
    EXPECT_EQ(outdated_states(entry_), std::vector<fs::path>{warm(former)});
    remove_tree(warm(former));
    const fs::path cut_off = entry_.folder / "warm" / ".saving-x";
    make_folder(cut_off);
    EXPECT_EQ(outdated_states(entry_), std::vector<fs::path>{cut_off});
    EXPECT_TRUE(outdated_states({.name = "hut", .digest = "1", .folder = folder_.path() / "none"}).empty());
}

}  // namespace
}  // namespace clamproof
