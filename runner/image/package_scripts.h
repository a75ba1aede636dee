/// What a family of packages knows of its own, by scripts run on this host, in package-managers/NAME/ below
/// the image's definition:
///
///     order.sh     puts versions in order
///     compare.sh   tells what differs between two package files
#pragma once

#include <string>
#include <vector>

#include "image/definition.h"

namespace clamproof {

/// The lowest first, each once. @throws InfraError.
std::vector<std::string> versions_in_order(const ImageDefinition& image,
                                           const std::vector<std::string>& versions);

/// Lines about files, maintainer scripts and changelog entries. @throws InfraError.
std::vector<std::string> compare_packages(const ImageDefinition& image, const fs::path& before,
                                          const fs::path& after);

}  // namespace clamproof
