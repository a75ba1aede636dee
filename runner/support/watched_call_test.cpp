#include "support/watched_call.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <vector>

#include "support/clock.h"

namespace clamproof {
namespace {

TEST(WatchedCall, OneThatReturnsIsNotToldOf) {
    std::atomic<int> told = 0;
    const Stopwatch watch;
    for (int i = 0; i < 100; ++i) const WatchedCall call("knocking", 60, [&](const auto&) { ++told; });
    EXPECT_EQ(told, 0);
    EXPECT_LT(watch.seconds(), 10) << "its end waits for nothing";
}

TEST(WatchedCall, OneThatHangsIsToldOfOnce) {
    std::vector<std::string> told;
    {
        const WatchedCall call("knocking", 0.05, [&](const std::string& words) { told.push_back(words); });
        ::usleep(300000);
    }
    EXPECT_EQ(told, (std::vector<std::string>{"knocking has not come to an end in 0 s"}));
}

}  // namespace
}  // namespace clamproof
