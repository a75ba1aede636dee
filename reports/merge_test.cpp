#include "reports/merge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "jobs/job.h"
#include "reports/sample_test.h"
#include "results/results_json.h"
#include "support/error.h"

namespace clamproof {
namespace {

std::vector<std::string> keys_of(const RunResults& run) {
    std::vector<std::string> keys;
    for (const auto& cell : run.results) keys.push_back(cell.id().text());
    return keys;
}

// The sample run, its cells dealt out in turn.
class MergeTest : public testing::Test {
  protected:
    MergeTest() : whole_(sample_run()), declared_(keys_of(whole_)) {
        whole_.shard.reset();
        for (int number = 1; number <= 3; ++number) {
            Part part{.name = "out-" + std::to_string(number), .run = whole_};
            part.run.shard = {.number = number, .of = 3};
            part.run.results.clear();
            for (std::size_t i = 0; i < whole_.results.size(); ++i)
                if (static_cast<int>(i % 3) == number - 1) part.run.results.push_back(whole_.results[i]);
            parts_.push_back(std::move(part));
        }
    }

    std::string complaint() const {
        try {
            merge(parts_, declared_);
        } catch (const InputError& error) {
            return error.what();
        }
        return "was merged";
    }

    RunResults whole_;
    std::vector<std::string> declared_;
    std::vector<Part> parts_;
};

TEST_F(MergeTest, ShardsAreTheRunTheyStandFor) {
    parts_[1].run.seconds = 200;
    parts_[2].run.started = "2012-11-30T11:00:00Z";
    std::swap(parts_[0], parts_[2]);
    RunResults merged = merge(parts_, declared_);
    EXPECT_EQ(merged.seconds, 200);
    EXPECT_EQ(merged.started, "2012-11-30T11:00:00Z");
    EXPECT_FALSE(merged.shard);
    merged.seconds = whole_.seconds;
    merged.started = whole_.started;
    for (auto& cell : merged.results) cell.worker = cell.worker > 0 ? 1 : 0;
    std::sort(whole_.images.begin(), whole_.images.end(),
              [](const auto& left, const auto& right) { return left.name < right.name; });
    EXPECT_EQ(to_json(merged), to_json(whole_));
}

TEST_F(MergeTest, WorkersAreNumberedOn) {
    const RunResults merged = merge(parts_, declared_);
    EXPECT_EQ(merged.results[0].worker, 1);
    EXPECT_EQ(merged.results[1].worker, 2);
    EXPECT_EQ(merged.results[2].worker, 3);
    EXPECT_EQ(merged.results[5].worker, 0) << "it needed no guest";
}

TEST_F(MergeTest, AMissingShardIsNamed) {
    parts_.erase(parts_.begin() + 1);
    EXPECT_EQ(complaint(), "shard 2 of 3 is missing");
    parts_.pop_back();
    EXPECT_EQ(complaint(), "shards 2, 3 of 3 are missing");
}

TEST_F(MergeTest, ADoubleShardIsNamed) {
    parts_[2].run.shard->number = 1;
    EXPECT_EQ(complaint(), "out-1 and out-3 are both shard 1 of 3");
}

TEST_F(MergeTest, ShardsOfAnotherRunAreRefused) {
    parts_[1].run.shard->of = 4;
    EXPECT_NE(complaint().find("out-2 is one of 4 shards, those before it are of 3"), std::string::npos);
}

TEST_F(MergeTest, AnInterruptedShardIsNamed) {
    parts_[1].run.interrupted = true;
    EXPECT_NE(complaint().find("out-2 was interrupted"), std::string::npos);
}

TEST_F(MergeTest, ACellThatRanTwiceIsNamed) {
    parts_[1].run.results.push_back(parts_[0].run.results[0]);
    EXPECT_NE(complaint().find("debian-12-selinux stale-pid-file  ran in out-1 and in out-2"),
              std::string::npos)
        << complaint();
}

TEST_F(MergeTest, CellsThatRanNowhereAreNamed) {
    parts_[0].run.results.clear();
    EXPECT_NE(complaint().find("3 cells ran nowhere: debian-12-selinux stale-pid-file "), std::string::npos)
        << complaint();
}

TEST_F(MergeTest, ACellNobodyAskedForIsNamed) {
    declared_.erase(declared_.begin());
    EXPECT_NE(complaint().find("1 cell ran that nobody asked for: debian-12-selinux stale-pid-file"),
              std::string::npos)
        << complaint();
}

TEST_F(MergeTest, AnotherImageOfTheSameNameIsRefused) {
    parts_[1].run.images[0].digest = "sha256:9999";
    EXPECT_NE(complaint().find("out-2 ran another image debian-12-selinux"), std::string::npos);
}

TEST_F(MergeTest, VmsOfOneShardAndContainersOfAnother) {
    HostInfo& host = parts_[0].run.host = HostInfo();
    host.accelerator = "none";
    host.containers = "podman 4.3.1";
    const RunResults merged = merge(parts_, declared_);
    EXPECT_EQ(merged.host.accelerator, "tcg");
    EXPECT_EQ(merged.host.qemu, "7.2.9");
    EXPECT_EQ(merged.host.containers, "podman 4.3.1");
}

TEST_F(MergeTest, WhereHostsDifferTheWeakerIsClaimed) {
    parts_[0].run.host.accelerator = "none";
    parts_[1].run.host.accelerator = "kvm";
    parts_[1].run.host.why.clear();
    const RunResults merged = merge(parts_, declared_);
    EXPECT_EQ(merged.host.accelerator, "tcg");
    EXPECT_EQ(merged.host.why, "some shards ran on kvm, some on tcg (/dev/kvm is not there)");
}

}  // namespace
}  // namespace clamproof
