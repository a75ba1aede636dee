#include "guest/cpu.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

using Features = std::vector<std::string>;

constexpr const char* nehalem = R"(processor	: 0
model name	: Nehalem
flags		: fpu sse sse2 ht pni ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm
bugs		: none of avx avx2

processor	: 1
flags		: avx avx2 bmi1
)";

TEST(CpuLevel, OfAProcessorIsSeenByItsFlags) {
    EXPECT_EQ(missing_cpu_features(CpuLevel::V2, nehalem), Features());
    EXPECT_EQ(missing_cpu_features(CpuLevel::V3, nehalem), cpu_features(CpuLevel::V3));
}

TEST(CpuLevel, TakesWhatTheLowerOnesTake) {
    const auto missing = missing_cpu_features(CpuLevel::V3, "\nflags\t: pni ssse3 avx\n");
    EXPECT_EQ(missing, (Features{"cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "abm", "avx2", "bmi1",
                                 "bmi2", "f16c", "fma", "movbe", "xsave"}));
    EXPECT_FALSE(missing_cpu_features(CpuLevel::V2, "").empty());
    EXPECT_EQ(missing_cpu_features(CpuLevel::V1, ""), Features());
}

TEST(CpuLevel, HasAName) {
    for (const auto& name : names_of_cpu_levels()) EXPECT_EQ(to_string(cpu_level(name)), name);
}

}  // namespace
}  // namespace clamproof
