#include "image/store.h"

#include <gtest/gtest.h>

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

TEST_F(StoreTest, ACopyWithTheSameContentIsGood) {
    const fs::path entry = build();
    fs::rename(entry / "vmlinuz", entry / "old");
    fs::copy_file(entry / "old", entry / "vmlinuz");
    EXPECT_TRUE(find());
    EXPECT_EQ(SealedFolder::damage(entry), "");
}

}  // namespace
}  // namespace clamproof
