#include "image/kind.h"

#include <map>

namespace clamproof {

std::vector<std::string> names_of_kinds() {
    return {"vm", "container"};
}

const GuestKind& kind_of(const ImageDefinition& image) {
    static const std::map<std::string, const GuestKind*> kinds = {{"vm", &vm_kind()},
                                                                  {"container", &container_kind()}};
    return *kinds.at(image.kind);
}

}  // namespace clamproof
