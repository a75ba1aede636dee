#include "image/download/cloud_image.h"

#include <gtest/gtest.h>

#include <map>

#include "guest/empty_disk_test.h"
#include "image/download/fake_server_test.h"
#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

class CloudImageTest : public testing::Test {
  protected:
    CloudImageTest() { publish(small_disk()); }

    static const std::string& small_disk() {
        static const std::string disk = [] {
            const clamproof::TempDir folder(testing::TempDir(), "disk-");
            const fs::path file = folder.path() / "disk";
            make_empty_disk(file);
            return read_file(file);
        }();
        return disk;
    }

    void publish(const std::string& disk) {
        disk_ = disk;
        files_["/house.qcow2"] = disk;
        files_["/SUMS"] = sha256(disk) + "  house.qcow2\n";
    }

    std::string answer(const std::string& head) {
        const auto begin = head.find(' ') + 1;
        const auto file = files_.find(head.substr(begin, head.find(' ', begin) - begin));
        if (file == files_.end()) return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", file->second.size(),
                           file->second);
    }

    fs::path fetch() { return images_.fetch(source_); }
    std::string complaint() {
        try {
            fetch();
            return "";
        } catch (const InfraError& error) {
            return error.what();
        }
    }
    // Without the locks, which stay.
    std::size_t downloads() const {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(cache_ / "downloads"))
            if (!entry.path().filename().string().starts_with('.')) ++count;
        return count;
    }

    clamproof::TempDir folder_{testing::TempDir(), "cloud-"};
    fs::path cache_ = folder_.path() / "cache";
    std::string disk_;
    std::map<std::string, std::string> files_;
    FakeServer server_{[this](const std::string& head) { return answer(head); }};
    CloudSource source_{
        .image = server_.url("/house.qcow2"), .checksum = server_.url("/SUMS"), .firmware = "bios"};
    std::vector<std::string> said_;
    CloudImages images_{cache_, {.say = [this](const std::string& words) { said_.push_back(words); }}};
};

TEST_F(CloudImageTest, IsFetchedOnceAndPinned) {
    EXPECT_FALSE(images_.pinned(source_));
    EXPECT_EQ(read_file(fetch()), disk_);
    EXPECT_EQ(images_.pinned(source_)->text(), "sha256:" + sha256(disk_));
    const std::size_t asked = server_.requests().size();
    fetch();
    EXPECT_EQ(server_.requests().size(), asked);
}

TEST_F(CloudImageTest, ADamagedDownloadIsFetchedAgain) {
    write_file(fetch(), "damage");
    EXPECT_EQ(read_file(fetch()), disk_);
}

TEST_F(CloudImageTest, WhatCameEarlierMayBeDamaged) {
    make_folder(cache_ / "downloads");
    write_file(cache_ / "downloads" / (sha256(disk_) + ".part"), "damage");
    EXPECT_EQ(read_file(fetch()), disk_);
}

TEST_F(CloudImageTest, AChangeIsRefusedUntilItIsAskedFor) {
    const fs::path first = fetch();
    EXPECT_FALSE(images_.update(source_));
    publish(disk_ + "later");
    EXPECT_EQ(fetch(), first);  // what is in the store is what was pinned
    fs::remove(first);
    EXPECT_NE(complaint().find("has changed since it was first used"), std::string::npos) << complaint();
    EXPECT_TRUE(images_.update(source_));
    EXPECT_EQ(read_file(fetch()), disk_);
}

TEST_F(CloudImageTest, TheDatedOneIsTakenWhateverIsPublished) {
    files_["/dated.qcow2"] = disk_;
    source_.dated = DatedImage{.image = server_.url("/dated.qcow2"),
                               .digest = *checksum_from_text("sha256:" + sha256(disk_))};
    publish(disk_ + "later");
    EXPECT_EQ(read_file(fetch()), files_["/dated.qcow2"]);
    EXPECT_EQ(images_.pinned(source_), source_.dated->digest);
    EXPECT_TRUE(said_.empty());
    EXPECT_TRUE(images_.update(source_));
    EXPECT_EQ(read_file(fetch()), disk_) << "somebody asked for what is published";
}

TEST_F(CloudImageTest, WhereTheDatedOneIsGoneAnotherTakesItsPlaceWithAWord) {
    source_.dated = DatedImage{.image = server_.url("/dated.qcow2"),
                               .digest = *checksum_from_text("sha256:" + sha256("x"))};
    EXPECT_EQ(read_file(fetch()), disk_);
    ASSERT_EQ(said_.size(), 1u);
    EXPECT_NE(said_[0].find("/dated.qcow2 is not offered any more"), std::string::npos) << said_[0];
    files_["/dated.qcow2"] = "another house";
    fs::remove_all(cache_);
    EXPECT_NE(complaint().find("is not the file that its publisher vouches for"), std::string::npos);
}

TEST_F(CloudImageTest, NothingToUpdateBeforeItsFirstUse) {
    EXPECT_FALSE(images_.update(source_));
    EXPECT_TRUE(server_.requests().empty());
}

TEST_F(CloudImageTest, AWrongDigestLeavesNothing) {
    files_["/house.qcow2"] = "another house";
    EXPECT_NE(complaint().find("is not the file that its publisher vouches for: it has sha256:"),
              std::string::npos);
    EXPECT_EQ(downloads(), 0u);
    EXPECT_FALSE(images_.pinned(source_));
}

TEST_F(CloudImageTest, WhatIsNoDiskLeavesNothing) {
    publish("no disk");
    EXPECT_NE(complaint().find("no disk in the format qcow2"), std::string::npos) << complaint();
    EXPECT_EQ(downloads(), 0u);
    EXPECT_FALSE(images_.pinned(source_));
}

TEST_F(CloudImageTest, AWebPageIsCalledOne) {
    const std::string page = "\n<!DOCTYPE html>\n<html><title>Log in</title>";
    files_["/house.qcow2"] = page;
    EXPECT_NE(complaint().find("vouches for: it is a web page, and has sha256:"), std::string::npos)
        << complaint();
    publish(page);
    EXPECT_NE(complaint().find("vouches for, but a web page"), std::string::npos) << complaint();
    EXPECT_EQ(downloads(), 0u);
}

TEST_F(CloudImageTest, ADiskThatWouldNeverBootLeavesNothing) {
    const fs::path raw = folder_.path() / "raw", disk = folder_.path() / "disk";
    write_file(raw, std::string(510, '\0') + "\x55\xaa" + std::string(1 << 20, '\0'));
    run_checked("making a disk",
                {.argv = {"qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.string(), disk.string()}});
    publish(read_file(disk));
    EXPECT_NE(complaint().find("but a disk with nothing to boot from by BIOS"), std::string::npos)
        << complaint();
    EXPECT_EQ(downloads(), 0u);
    EXPECT_FALSE(images_.pinned(source_));
    source_.firmware = "uefi";
    EXPECT_EQ(read_file(fetch()), disk_);
    source_.firmware = "bios";
    EXPECT_NE(complaint(), "");
    EXPECT_EQ(downloads(), 1u) << "it is a good one for somebody else";
}

TEST_F(CloudImageTest, AChecksumFileHasToNameTheImage) {
    files_["/SUMS"] = sha256(disk_) + "  home.qcow2\n";
    EXPECT_EQ(complaint(), source_.checksum + " has no SHA-256 or SHA-512 digest of house.qcow2");
    files_["/SUMS"] = sha256(disk_) + "  house.qcow2\n" + sha256("") + "  house.qcow2\n";
    EXPECT_TRUE(complaint().starts_with(source_.checksum + " cannot be used: it says of house.qcow2 both "));
}

TEST_F(CloudImageTest, DownloadsThatNobodyAsksForAreRemoved) {
    const fs::path file = fetch();
    EXPECT_EQ(images_.remove_others({sha256(disk_)}), 0u);
    write_file(file.string().replace(file.string().size() - 1, 1, "x.part"), "12345");
    EXPECT_EQ(images_.remove_others({file.filename().string()}), 5u);
    EXPECT_TRUE(fs::exists(file));
}

TEST(Pins, ADamagedFileIsNamed) {
    const clamproof::TempDir folder(testing::TempDir(), "pins-");
    write_file(folder.path() / "pins.json", R"({ "http://a": "sha256:12" })");
    EXPECT_THROW(Pins(folder.path() / "pins.json").find("http://a"), InfraError);
}

}  // namespace
}  // namespace clamproof
