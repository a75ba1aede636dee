/// Which processor a guest's programs are made for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clamproof {

/// Levels of the x86-64 psABI.
enum class CpuLevel { V1, V2, V3 };

/// "x86-64-v1", "x86-64-v2", "x86-64-v3".
const std::vector<std::string>& names_of_cpu_levels();
std::string to_string(CpuLevel level);
/// @param name one of names_of_cpu_levels()
CpuLevel cpu_level(std::string_view name);

/// What a level takes beyond the one below it, as Linux and libvirt call it; of the first, nothing.
const std::vector<std::string>& cpu_features(CpuLevel level);

/// What a processor lacks of a level and those below it. @param cpuinfo as in /proc/cpuinfo
std::vector<std::string> missing_cpu_features(CpuLevel level, std::string_view cpuinfo);
/// Of this host's own.
std::vector<std::string> missing_cpu_features(CpuLevel level);

}  // namespace clamproof
