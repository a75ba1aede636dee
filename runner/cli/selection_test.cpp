#include "cli/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace clamproof {
namespace {

ImageDefinition image_of(const char* kind, int memory_mib) {
    ImageDefinition image;
    image.kind = kind;
    image.memory_mib = memory_mib;
    return image;
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
