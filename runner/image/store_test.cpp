#include "image/store.h"

#include <gtest/gtest.h>

#include <chrono>

#include "support/error.h"
#include "support/fake_disk_test.h"

namespace clamproof {
namespace {

class StoreTest : public testing::Test {
  protected:
    StoreTest() : folder_(testing::TempDir(), "store-"), store_(folder_.path()) {
        image_.name = "house";
        image_.digest = "0123";
    }

    fs::path build() {
        const fs::path entry = store_.entry_folder(image_);
        make_folder(entry);
        for (const char* name : {"disk.qcow2", "vmlinuz"}) write_file(entry / name, name);
        SealedFolder::seal(entry, {"disk.qcow2", "vmlinuz"});
        return entry;
    }

    std::optional<StoreEntry> find() {
        return store_.find(image_, [&](const std::string& text) { said_.push_back(text); });
    }

    clamproof::TempDir folder_;
    ImageStore store_;
    ImageDefinition image_;
    std::vector<std::string> said_;
};

TEST_F(StoreTest, FindsWhatIsSealed) {
    EXPECT_FALSE(find());
    build();
    ASSERT_TRUE(find());
    EXPECT_EQ(find()->disk(), store_.entry_folder(image_) / "disk.qcow2");
    EXPECT_TRUE(said_.empty());
    EXPECT_EQ(store_.entries().size(), 1u);
}

TEST_F(StoreTest, AnotherDigestIsAnotherImage) {
    build();
    image_.digest = "4567";
    EXPECT_FALSE(find());
}

TEST_F(StoreTest, AChangedFileIsNoticedAndTheEntryRemoved) {
    const fs::path entry = build();
    write_file(entry / "disk.qcow2", "disk.qcow3");
    EXPECT_FALSE(find());
    ASSERT_EQ(said_.size(), 1u);
    EXPECT_NE(said_[0].find("house is damaged and is built again"), std::string::npos);
    EXPECT_FALSE(fs::exists(entry));
}

TEST_F(StoreTest, AMissingFileIsNoticed) {
    fs::remove(build() / "vmlinuz");
    EXPECT_FALSE(find());
}

TEST_F(StoreTest, AMissingSealIsNoticed) {
    fs::remove(build() / "seal");
    EXPECT_FALSE(find());
}

TEST_F(StoreTest, WhatIsInUseIsNotTakenAway) {
    build();
    auto used = find();
    ASSERT_TRUE(used);
    const StoreEntry entry = store_.entries().at(0);
    EXPECT_FALSE(store_.try_claim(entry));
    auto copy = std::make_optional(*used);
    used.reset();
    EXPECT_FALSE(store_.try_claim(entry)) << "a copy still uses it";
    copy.reset();
    EXPECT_TRUE(store_.try_claim(entry));
}

TEST_F(StoreTest, ManyUseOneImage) {
    build();
    const auto one = find(), other = find();
    EXPECT_TRUE(one && other);
}

TEST_F(StoreTest, AnotherImageOfTheNameIsFree) {
    build();
    const auto used = find();
    image_.digest = "4567";
    build();
    EXPECT_TRUE(store_.try_claim(store_.entries().at(1)));
}

TEST_F(StoreTest, ADamagedImageStaysWhileSomebodyUsesIt) {
    const fs::path entry = build();
    auto used = find();
    write_file(entry / "disk.qcow2", "disk.qcow3");
    EXPECT_FALSE(find());
    EXPECT_TRUE(fs::exists(entry));
    ASSERT_EQ(said_.size(), 1u);
    EXPECT_NE(said_[0].find("house is damaged, and stays while process"), std::string::npos) << said_[0];
    EXPECT_THROW(store_.need_room(image_), InfraError);
    used.reset();
    EXPECT_FALSE(find());
    EXPECT_FALSE(fs::exists(entry));
    store_.need_room(image_);
}

TEST_F(StoreTest, WhatWasSetAsideComesBackWhereNoOtherWasBuilt) {
    EXPECT_FALSE(store_.set_aside(image_));
    EXPECT_FALSE(store_.restore(image_));
    build();
    EXPECT_TRUE(store_.set_aside(image_));
    EXPECT_FALSE(find());
    EXPECT_TRUE(store_.set_aside(image_)) << "whoever is interrupted and begins again loses nothing";
    const auto former = store_.restore(image_);
    ASSERT_TRUE(former);
    EXPECT_FALSE(store_.try_claim(*former));
    EXPECT_TRUE(find());
}

TEST_F(StoreTest, WhatWasSetAsideGoesWhereAnotherWasBuilt) {
    build();
    store_.set_aside(image_);
    const fs::path entry = build();
    write_file(entry / "new", "");
    EXPECT_FALSE(store_.restore(image_));
    EXPECT_TRUE(fs::exists(entry / "new"));
    EXPECT_EQ(store_.entries().size(), 1u);
}

TEST_F(StoreTest, WhatSomebodySetAsideWhoWasInterruptedComesBack) {
    build();
    store_.set_aside(image_);
    EXPECT_TRUE(store_.entries().empty());
    {
        const FileLock at_it = store_.making("house");
        EXPECT_TRUE(store_.restore_interrupted().empty()) << "somebody may be building the other one";
    }
    const auto back = store_.restore_interrupted();
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back[0].name, "house");
    EXPECT_EQ(back[0].digest, "0123");
    EXPECT_TRUE(find());
    EXPECT_TRUE(store_.restore_interrupted().empty());
}

TEST_F(StoreTest, WhoUsesAnImageWaitsUntilItIsTakenAway) {
    const fs::path entry = build();
    std::optional<FileLock> claim = store_.try_claim(store_.entries().at(0));
    const ImageStore patient(folder_.path(), {.cancelled = [&] {
                                 remove_tree(entry);
                                 claim.reset();
                                 return false;
                             }});
    EXPECT_FALSE(patient.find(image_, [](const std::string&) {}));
}

TEST_F(StoreTest, ASealVouchesForNothingThatAPowerCutLoses) {
    const fs::path made = folder_.path() / ".house.building-1";
    make_folder(made);
    write_file(made / "disk.qcow2", "disk");
    const FakeDisk disk;
    SealedFolder::seal(made, {"disk.qcow2"});
    const StoreEntry entry = store_.take_in(made, image_);
    EXPECT_GE(disk.when_synced(made / "disk.qcow2"), 0);
    EXPECT_GE(disk.when_synced(made / "seal"), 0);
    EXPECT_EQ(disk.synced().back(), folder_.path());
    // A seal that is renewed is one again.
    disk.synced().clear();
    fs::last_write_time(entry.disk(), fs::file_time_type::clock::now() - std::chrono::hours(1));
    ASSERT_TRUE(find());
    EXPECT_EQ(disk.synced().size(), 2u);
}

TEST_F(StoreTest, WhatIsTakenInIsInUse) {
    const fs::path made = folder_.path() / ".house.building-1";
    make_folder(made);
    const StoreEntry entry = store_.take_in(made, image_);
    EXPECT_TRUE(fs::exists(store_.entry_folder(image_)));
    EXPECT_FALSE(store_.try_claim(entry));
}

TEST_F(StoreTest, ACopyWithTheSameContentIsGood) {
    const fs::path entry = build();
    fs::rename(entry / "vmlinuz", entry / "old");
    fs::copy_file(entry / "old", entry / "vmlinuz");
    EXPECT_TRUE(find());
    EXPECT_EQ(SealedFolder::damage(entry), "");
}

}  // namespace
}  // namespace clamproof
