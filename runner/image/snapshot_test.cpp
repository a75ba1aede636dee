#include "image/snapshot.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "image/fake_house_test.h"
#include "image/install.h"
#include "support/error.h"

namespace clamproof {
namespace {

const Layer paint{.packages = {}, .script = "paint"};
const Layer polish{.packages = {}, .script = "polish"};

Layer for_this_job(Layer layer) {
    layer.keep = Keep::ForThisJob;
    return layer;
}

class SnapshotTest : public testing::Test {
  protected:
    SnapshotTest() : house_(std::make_shared<House>()), store_(house_->path("store")) {
        house_->answers = {{"opkg list", {.exit = 0, .out = "door=2\n", .err = ""}},
                           {"clamproof/facts", {.exit = 0, .out = "clamd=1.4\n", .err = ""}}};
    }

    std::shared_ptr<Snapshot> replayed() {
        return std::make_shared<Snapshot>(house_->built, house_, std::nullopt);
    }
    std::shared_ptr<Snapshot> saved() {
        const State state = house_->saved();
        return std::make_shared<Snapshot>(house_->built, house_, state);
    }
    std::shared_ptr<Snapshot> with(const std::shared_ptr<Snapshot>& below, const Layer& layer) {
        return below->with(layer, store_, [&](const std::string& step) { told_ += step + "; "; });
    }
    static std::string done_to(const std::unique_ptr<Guest>& guest) {
        return dynamic_cast<HouseGuest&>(*guest).done;
    }

    std::shared_ptr<House> house_;
    ImageStore store_;
    std::string told_;
};

TEST_F(SnapshotTest, AnEmptyLayerIsNone) {
    const auto image = replayed();
    EXPECT_EQ(with(image, {}), image);
    EXPECT_EQ(image->layers(), "");
    EXPECT_EQ(done_to(image->open()), "");
}

TEST_F(SnapshotTest, WhatCannotBeSavedIsDoneToEachGuestInTurn) {
    const auto snapshot = with(with(replayed(), house_->door()), paint);
    EXPECT_EQ(done_to(snapshot->open()), "[opkg install][paint]");
    EXPECT_EQ(done_to(snapshot->open()), "[opkg install][paint]");
    EXPECT_EQ(snapshot->built().facts.at("clamd"), "1.4");
    EXPECT_EQ(snapshot->built().packages.at("door"), "2");
}

TEST_F(SnapshotTest, WhatIsKnownOfAReplayedLayerIsFoundOutOnce) {
    with(replayed(), paint);
    EXPECT_EQ(house_->opened, 1);
    EXPECT_EQ(told_, "settling; ");
    with(replayed(), paint);
    EXPECT_EQ(house_->opened, 1);
}

TEST_F(SnapshotTest, WhatIsSavedIsNotDoneAgain) {
    const auto image = saved();
    const auto snapshot = with(with(image, house_->door()), paint);
    EXPECT_EQ(house_->forked, 2);  // to do each layer once
    EXPECT_EQ(told_, "installing 1 package; settling; saving its memory; settling; saving its memory; ");
    for (const auto& each : {snapshot, with(with(image, house_->door()), paint)}) {
        house_->answers = {{"opkg", {.exit = 1, .out = "", .err = "nobody may ask"}}};
        EXPECT_EQ(done_to(each->open()), "[opkg install][paint]");
        EXPECT_EQ(each->built().packages.at("door"), "2");
    }
    EXPECT_EQ(house_->forked, 4);
    EXPECT_EQ(house_->opened, 0);
    EXPECT_EQ(done_to(image->open()), "") << "the snapshot below has changed";
}

TEST_F(SnapshotTest, AStateLiesOnTheDiskOfTheOneBelow) {
    const auto door = with(saved(), house_->door());
    const auto disk = [](const BuiltImage& image) {
        return image.top() / "warm" / image.origin.key() / "disk.qcow2";
    };
    const fs::path above = disk(with(door, paint)->built());
    EXPECT_EQ(fs::canonical(above.parent_path() / disk_below(above).value()),
              fs::canonical(disk(door->built())));
}

TEST_F(SnapshotTest, TheFirstGuestOfALayerForThisJobIsHandedOutFirst) {
    const auto snapshot = with(with(saved(), paint), for_this_job(polish));
    const int before = house_->forked;
    std::string seen;
    snapshot->look([&](Guest& guest) { seen = dynamic_cast<HouseGuest&>(guest).done; });
    EXPECT_EQ(seen, "[paint][polish]");
    EXPECT_EQ(done_to(snapshot->open()), "[paint][polish]");
    EXPECT_EQ(house_->forked, before);
    EXPECT_EQ(done_to(snapshot->open()), "[paint][polish]");
    EXPECT_EQ(house_->forked, before + 1);
}

TEST_F(SnapshotTest, AGuestThatGoesOnFromAStateEndsTheFirst) {
    const auto snapshot = with(saved(), for_this_job(polish));
    auto guest = snapshot->open();
    const State state = guest->save();
    EXPECT_EQ(done_to(snapshot->fork(state)), "[polish]") << "it is done twice";
    const auto other = with(replayed(), for_this_job(polish));
    const int before = house_->opened;
    other->fork(state);
    other->open();
    EXPECT_EQ(house_->opened, before + 1) << "two guests of a name at a time";
}

TEST_F(SnapshotTest, NothingIsKeptOfALayerForThisJob) {
    with(saved(), for_this_job(paint));
    EXPECT_FALSE(fs::exists(house_->path("house-1/with")));
}

TEST_F(SnapshotTest, NoLayerLiesOverOneForThisJob) {
    const auto snapshot = with(replayed(), for_this_job(paint));
    EXPECT_THROW(with(snapshot, polish), std::logic_error);
    EXPECT_THROW(with(snapshot, for_this_job(polish)), std::logic_error);
}

TEST_F(SnapshotTest, LayersHaveTheSameNameWhetherKeptOrNot) {
    const std::string key = " " + layer_key(house_->built.definition, paint);
    EXPECT_EQ(with(replayed(), paint)->layers(), key);
    EXPECT_EQ(with(replayed(), for_this_job(paint))->layers(), key);
    EXPECT_EQ(with(with(replayed(), paint), polish)->layers(),
              key + " " + layer_key(house_->built.definition, polish));
}

TEST_F(SnapshotTest, ALayerThatFailsLeavesNothing) {
    house_->answers = {{"opkg install", {.exit = 100, .out = "", .err = "it has no hinges"}}};
    const auto image = saved();
    EXPECT_THROW(with(image, house_->door()), NotInstallable);
    EXPECT_THROW(with(image, for_this_job(house_->door())), NotInstallable);
    house_->answers = {{"paint", {.exit = 1, .out = "", .err = "dry"}}};
    EXPECT_THROW(with(image, paint), InfraError);
    EXPECT_THROW(with(replayed(), paint), InfraError);
    EXPECT_FALSE(fs::exists(house_->path("house-1/with")));
    house_->answers = {};
    EXPECT_EQ(done_to(with(image, paint)->open()), "[paint]");
}

TEST_F(SnapshotTest, ALayerForThisJobMayFailForALaterGuest) {
    const auto snapshot = with(replayed(), for_this_job(house_->door()));
    snapshot->open();
    house_->answers = {{"opkg install", {.exit = 100, .out = "", .err = ""}}};
    EXPECT_THROW(snapshot->open(), NotInstallable);
}

}  // namespace
}  // namespace clamproof
