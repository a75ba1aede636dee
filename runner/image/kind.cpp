#include "image/kind.h"

#include <algorithm>
#include <utility>

namespace clamproof {
namespace {

// The first is that of an image that names none.
const std::vector<std::pair<std::string, const GuestKind*>>& kinds() {
    static const std::vector<std::pair<std::string, const GuestKind*>> all = {
        {"vm", &vm_kind()}, {"container", &container_kind()}};
    return all;
}

}  // namespace

std::vector<std::string> names_of_kinds() {
    std::vector<std::string> names;
    for (const auto& [name, kind] : kinds()) names.push_back(name);
    return names;
}

const GuestKind& kind_of(const ImageDefinition& image) {
    return *std::find_if(kinds().begin(), kinds().end(), [&](const auto& one) {
                return one.first == image.kind;
            })->second;
}

}  // namespace clamproof
