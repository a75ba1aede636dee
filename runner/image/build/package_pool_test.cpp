#include "image/build/package_pool.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/error.h"

namespace clamproof {
namespace {

class PackagePoolTest : public testing::Test {
  protected:
    PackagePoolTest() : folder_(testing::TempDir(), "pool-"), pool_("bookworm", pools()) {
        make_folder(cache());
    }

    fs::path pools() const { return folder_.path() / "packages"; }
    fs::path cache() const { return folder_.path() / "cache"; }
    fs::path lent() const { return folder_.path() / "lent"; }
    fs::path pooled() const { return pools() / "bookworm" / ("cron_1%3a3.0_amd64.deb." + sha256("a clock")); }

    std::size_t keep_cron() {
        write_file(cache() / "cron_1%3a3.0_amd64.deb", "a clock");
        return pool_.keep(cache(), {{archive_prefix("cron", "1:3.0"), sha256("a clock")}});
    }

    clamproof::TempDir folder_;
    PackagePool pool_;
};

TEST_F(PackagePoolTest, LendsWhatAFormerBuildFetched) {
    EXPECT_EQ(keep_cron(), 1u);
    EXPECT_EQ(keep_cron(), 0u) << "it has it";
    pool_.lend(lent());
    EXPECT_EQ(read_file(lent() / "cron_1%3a3.0_amd64.deb"), "a clock");
    PackagePool("bullseye", pools()).lend(folder_.path() / "other");
    EXPECT_TRUE(fs::is_empty(folder_.path() / "other")) << "each suite has its own";
}

TEST_F(PackagePoolTest, KeepsNothingThatWasNotInstalled) {
    write_file(cache() / "dog_1_amd64.deb", "it barks");
    write_file(cache() / "lock", "");
    EXPECT_EQ(keep_cron(), 1u);
}

TEST_F(PackagePoolTest, WhatIsDamagedIsNotLent) {
    keep_cron();
    fs::remove(pooled());
    write_file(pooled(), "a clocK");
    pool_.lend(lent());
    EXPECT_TRUE(fs::is_empty(lent()));
    EXPECT_FALSE(fs::exists(pooled()));
}

TEST_F(PackagePoolTest, WhatAnotherUserPutThereIsNotLent) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a file away";
    keep_cron();
    ASSERT_EQ(::chown(pooled().c_str(), 65534, 65534), 0);
    pool_.lend(lent());
    EXPECT_TRUE(fs::is_empty(lent()));
    EXPECT_FALSE(fs::exists(pooled()));
}

TEST_F(PackagePoolTest, AnotherPackageOfTheSameNameIsAnErrorAndGoes) {
    keep_cron();
    try {
        pool_.keep(cache(), {{archive_prefix("cron", "1:3.0"), sha256("a watch")}});
        FAIL() << "the archive has another";
    } catch (const InfraError& error) {
        EXPECT_NE(std::string(error.what()).find("cron_1%3a3.0_amd64.deb is not the one"), std::string::npos);
    }
    EXPECT_FALSE(fs::exists(pooled()));
}

TEST_F(PackagePoolTest, RemovesWhatNobodyNames) {
    keep_cron();
    EXPECT_EQ(PackagePool::remove_others({sha256("a clock")}, pools()), 0u);
    EXPECT_EQ(PackagePool::remove_others({sha256("a watch")}, pools()), 7u);
    EXPECT_FALSE(fs::exists(pooled()));
    EXPECT_EQ(PackagePool::remove_others({}, folder_.path() / "none"), 0u);
}

}  // namespace
}  // namespace clamproof
