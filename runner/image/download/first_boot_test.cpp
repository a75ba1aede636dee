#include "image/download/first_boot.h"

#include <gtest/gtest.h>

#include "support/process.h"

namespace clamproof {
namespace {

constexpr std::size_t block = 512;

// A disk of a few partitions, as a partitioning program and boot loaders would leave it.
class FirstBootTest : public testing::Test {
  protected:
    void put(std::size_t at, const std::string& bytes) { disk_.replace(at, bytes.size(), bytes); }
    void put_number(std::size_t at, std::uint64_t number, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i) disk_[at + i] = static_cast<char>(number >> (8 * i));
    }
    void boot_code() { put(0, "\xeb\x63\x90"); }
    void signature() { put(510, "\x55\xaa"); }
    void mbr_partition(std::size_t index, int type, std::uint64_t first, std::uint64_t blocks) {
        signature();
        const std::size_t at = 446 + 16 * index;
        put_number(at + 4, static_cast<std::uint64_t>(type), 1);
        put_number(at + 8, first, 4);
        put_number(at + 12, blocks, 4);
    }
    void gpt_partition(std::size_t index, std::uint64_t first, std::uint64_t blocks) {
        mbr_partition(0, 0xee, 1, 0xffffffff);
        put(block, "EFI PART");
        put_number(block + 72, 2, 8);
        put_number(block + 80, 128, 4);
        put_number(block + 84, 128, 4);
        const std::size_t at = 2 * block + 128 * index;
        put(at, "a type");
        put_number(at + 32, first, 8);
        put_number(at + 40, first + blocks - 1, 8);
    }
    std::string unfit(const std::string& firmware = "bios") const {
        return unfit_for_first_boot(
            [this](std::uint64_t offset, std::size_t bytes) {
                return offset < disk_.size() ? disk_.substr(offset, bytes) : "";
            },
            firmware);
    }

    std::string disk_ = std::string(300 * block, '\0');
};

TEST_F(FirstBootTest, NothingIsKnownAgainstAnOrdinaryDisk) {
    boot_code();
    gpt_partition(0, 40, 10);
    gpt_partition(1, 50, 200);
    put(50 * block, "XFSB");
    EXPECT_EQ(unfit(), "");
    EXPECT_EQ(unfit("uefi"), "");
}

TEST_F(FirstBootTest, ADiskWithoutATableIsLeftToItsFirmware) {
    EXPECT_EQ(unfit(), "");
    disk_.clear();
    EXPECT_EQ(unfit(), "");
}

TEST_F(FirstBootTest, ATableAloneIsNothingToBootFromByBios) {
    gpt_partition(0, 50, 200);
    EXPECT_NE(unfit().find("with nothing to boot from by BIOS"), std::string::npos);
    EXPECT_EQ(unfit("uefi"), "");
}

TEST_F(FirstBootTest, AnEncryptedRootIsTold) {
    boot_code();
    gpt_partition(0, 40, 10);
    gpt_partition(3, 50, 200);
    put(50 * block, std::string("LUKS\xba\xbe\0\2", 8));
    EXPECT_EQ(unfit(), "whose root is encrypted (LUKS)");
    EXPECT_EQ(unfit("uefi"), "whose root is encrypted (LUKS)");
}

TEST_F(FirstBootTest, ADiskIsReadWhereItIsAskedFor) {
    boot_code();
    gpt_partition(0, 40, 10);
    gpt_partition(1, 50, 200);
    put(50 * block, "LUKS\xba\xbe");
    const clamproof::TempDir folder(testing::TempDir(), "first-boot-");
    const fs::path raw = folder.path() / "raw", disk = folder.path() / "disk";
    write_file(raw, disk_);
    run_checked("making a disk",
                {.argv = {"qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.string(), disk.string()}});
    EXPECT_EQ(unfit_for_first_boot(disk, "bios"), "whose root is encrypted (LUKS)");
}

TEST_F(FirstBootTest, ARootOnLvmIsTold) {
    boot_code();
    mbr_partition(0, 0x83, 40, 10);
    mbr_partition(1, 0x8e, 50, 200);
    put(51 * block, "LABELONE");
    EXPECT_EQ(unfit(), "whose root is on LVM");
}

TEST_F(FirstBootTest, WhatIsBesideTheRootDoesNotMatter) {
    boot_code();
    gpt_partition(0, 40, 10);
    put(40 * block, "LUKS\xba\xbe");
    gpt_partition(1, 50, 200);
    EXPECT_EQ(unfit(), "");
}

TEST_F(FirstBootTest, ATableOfNonsenseIsPassedOver) {
    boot_code();
    gpt_partition(0, 40, 10);
    put_number(block + 84, 0, 4);
    EXPECT_EQ(unfit(), "");
    put_number(block + 84, 0xffffffff, 4);
    put_number(block + 80, 0xffffffff, 4);
    put_number(block + 72, ~std::uint64_t{0}, 8);
    EXPECT_EQ(unfit(), "");
    put_number(block + 72, 2, 8);
    put_number(2 * block + 32, ~std::uint64_t{0} - 1, 8);
    put_number(2 * block + 40, ~std::uint64_t{0}, 8);
    EXPECT_EQ(unfit(), "");
}

}  // namespace
}  // namespace clamproof
