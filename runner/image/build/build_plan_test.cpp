#include "image/build/build_plan.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

// A house that its publisher signs, and a host that has all it takes.
class BuildPlanTest : public testing::Test {
  protected:
    BuildPlanTest() {
        write_file(folder_.path() / "house.asc", "");
        image_.name = "house";
        image_.package_manager = "opkg";
        image_.packages = {"clamd", "nc"};
        image_.memory_mib = 512;
        image_.cloud = CloudSource{.image = "https://x.example/house",
                                   .checksum = "https://x.example/SUMS",
                                   .keyring = folder_.path() / "house.asc",
                                   .firmware = "bios"};
        host_ = {.has_program = [this](const std::string& name) { return name != lacks_; },
                 .is_root = true,
                 .free_mib = 5000,
                 .available_mib = 4000,
                 .runs_on = [](const ImageDefinition&) { return "on KVM"; }};
    }

    std::string missing() const {
        std::string all;
        for (const auto& one : plan_build(image_, host_).missing) all += one + "\n";
        return all;
    }
    std::string steps() const {
        std::string all;
        for (const auto& step : plan_build(image_, host_).steps) all += step + "\n";
        return all;
    }
    static bool has(const std::string& text, const char* words) {
        return text.find(words) != std::string::npos;
    }

    clamproof::TempDir folder_{testing::TempDir(), "plan-"};
    ImageDefinition image_;
    BuildHost host_;
    std::string lacks_;
};

TEST_F(BuildPlanTest, TellsWhatWouldBeDone) {
    EXPECT_EQ(missing(), "");
    EXPECT_EQ(
        steps(),
        "downloads https://x.example/house, as https://x.example/SUMS says, signed by a key of house.asc\n"
        "boots it by bios with 2048 MiB of memory, and installs 2 packages by opkg from the network\n"
        "runs on KVM\n");
}

TEST_F(BuildPlanTest, TellsOfADatedImageFirst) {
    image_.cloud->dated = DatedImage{.image = "https://x.example/house-1", .digest = {.hex = "ab"}};
    EXPECT_TRUE(
        steps().starts_with("downloads https://x.example/house-1 (sha256:ab)\nwhere that is not offered"))
        << steps();
}

TEST_F(BuildPlanTest, TellsWhatAHostLacks) {
    lacks_ = "gpgv";
    EXPECT_TRUE(has(missing(), "gpgv is not installed")) << missing();
    image_.cloud->keyring = folder_.path() / "none.gpg";
    EXPECT_TRUE(has(missing(), "there is no keyring ")) << missing();
    host_.free_mib = 100;
    EXPECT_TRUE(has(missing(), "100 MiB of disk are free")) << missing();
    host_.available_mib = 2000;
    EXPECT_TRUE(has(missing(), "2000 MiB of memory are available, and a build needs 2048")) << missing();
    host_.runs_on = [](const ImageDefinition&) -> std::string { throw InfraError("QEMU 6.2 is too old"); };
    EXPECT_TRUE(has(missing(), "QEMU 6.2 is too old\n")) << missing();
}

TEST_F(BuildPlanTest, ASuiteTakesRootAndItsOwnTool) {
    image_.cloud.reset();
    image_.suite = "new";
    image_.pockets = {"security"};
    host_.is_root = false;
    host_.available_mib = 600;
    lacks_ = "mmdebstrap";
    EXPECT_TRUE(has(steps(), "from new, new-security")) << steps();
    EXPECT_EQ(missing(),
              "it has to be built as root: run it with sudo\nmmdebstrap is not installed: see ci/packages\n");
}

}  // namespace
}  // namespace clamproof
