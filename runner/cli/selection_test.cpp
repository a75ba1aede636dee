#include "cli/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

ImageDefinition image_of(const char* kind, int memory_mib) {
    ImageDefinition image;
    image.kind = kind;
    image.memory_mib = memory_mib;
    return image;
}

class SelectImages : public testing::Test {
  protected:
    SelectImages() : folder_(testing::TempDir(), "images-") {
        for (const char* name : {"house.json", "hut.json"}) write_file(folder_.path() / name, "{}");
        settings_.images.add(folder_.path());
    }
    using Names = std::vector<std::string>;
    clamproof::TempDir folder_;
    Settings settings_;
};

TEST_F(SelectImages, HaveUntrimmedTwinsWhereAPatternAsksForThem) {
    EXPECT_EQ(select_images(settings_, {}), (Names{"house", "hut"}));
    EXPECT_EQ(select_images(settings_, {"h*"}), (Names{"house", "hut"}));
    EXPECT_EQ(select_images(settings_, {"h*-untrimmed"}), (Names{"house-untrimmed", "hut-untrimmed"}));
    EXPECT_EQ(select_images(settings_, {"hut-untrimmed", "h*"}), (Names{"house", "hut", "hut-untrimmed"}));
    EXPECT_THROW(select_images(settings_, {"home-untrimmed"}), InputError);
}

class SelectImagesToRun : public SelectImages {
  protected:
    SelectImagesToRun() {
        settings_.images = {};
        settings_.images.add(CLAMPROOF_SOURCE_DIR "/images");
    }
    Names of(const char* one, const char* other, bool untrimmed) {
        RunOptions options;
        options.images = {one, other};
        options.untrimmed = untrimmed;
        return select_images_to_run(settings_, options);
    }
};

TEST_F(SelectImagesToRun, IsOfUntrimmedTwinsEachOnce) {
    const char *const one = "debian-12-container", *const twin = "debian-12-container-untrimmed";
    EXPECT_EQ(of(one, twin, false), (Names{one, twin}));
    EXPECT_EQ(of(one, twin, true), Names{twin});
}

TEST(LoadOf, IsLightWhereEveryGuestIs) {
    EXPECT_TRUE(load_of({image_of("container", 512), image_of("container", 256)}).light);
    EXPECT_FALSE(load_of({image_of("container", 512), image_of("vm", 256)}).light);
}

TEST(LoadOf, CountsTheLargest) {
    EXPECT_EQ(load_of({image_of("container", 512), image_of("vm", 1024), image_of("vm", 256)}).mib, 1024);
}

TEST(WorkerCount, IsTwiceAsLargeForLightGuests) {
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    if (available_mib() < 2 * cores * 514) GTEST_SKIP() << "memory bounds the guests here, not cores";
    Settings settings;
    std::string why;
    EXPECT_EQ(worker_count(settings, 0, {.mib = 1, .light = true}, why),
              2 * worker_count(settings, 0, {.mib = 1, .light = false}, why));
    EXPECT_EQ(worker_count(settings, 3, {.mib = 1, .light = true}, why), 3);
}

}  // namespace
}  // namespace clamproof
