#include "guest/cpu.h"

#include <algorithm>

#include "support/files.h"
#include "support/text.h"

namespace clamproof {

const std::vector<std::string>& names_of_cpu_levels() {
    static const std::vector<std::string> names = {"x86-64-v1", "x86-64-v2", "x86-64-v3"};
    return names;
}

std::string to_string(CpuLevel level) {
    return names_of_cpu_levels().at(static_cast<std::size_t>(level));
}

CpuLevel cpu_level(std::string_view name) {
    const auto& names = names_of_cpu_levels();
    return static_cast<CpuLevel>(std::find(names.begin(), names.end(), name) - names.begin());
}

const std::vector<std::string>& cpu_features(CpuLevel level) {
    static const std::vector<std::string> features[] = {
        {},
        {"cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"},
        {"abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"}};
    return features[static_cast<std::size_t>(level)];
}

std::vector<std::string> missing_cpu_features(CpuLevel level, std::string_view cpuinfo) {
    const auto begin = std::min(cpuinfo.find("\nflags"), cpuinfo.size());
    const auto line = cpuinfo.substr(begin, cpuinfo.find('\n', begin + 1) - begin);
    const auto has = split(line.substr(std::min(line.find(':') + 1, line.size())), ' ');
    std::vector<std::string> missing;
    for (const CpuLevel below : {CpuLevel::V2, CpuLevel::V3})
        for (const auto& feature : cpu_features(below))
            if (below <= level && std::find(has.begin(), has.end(), feature) == has.end())
                missing.push_back(feature);
    return missing;
}

std::vector<std::string> missing_cpu_features(CpuLevel level) {
    return missing_cpu_features(level, read_file("/proc/cpuinfo"));
}

}  // namespace clamproof
