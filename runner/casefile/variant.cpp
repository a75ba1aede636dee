#include "casefile/variant.h"

namespace clamproof {

std::string variant_name(const std::map<std::string, std::string>& variant) {
    std::string name;
    for (const auto& [key, value] : variant) name += (name.empty() ? "" : "/") + value;
    return name;
}

}  // namespace clamproof
