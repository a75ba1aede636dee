/// Where a guest's packages come from.
#pragma once

#include <string>
#include <vector>

namespace clamproof {

/// The sources.list for a suite and its pockets, with the mirrors of this host's own apt configuration. Empty
/// where it has none of that origin (in apt's word, as "Debian"): mmdebstrap then chooses.
/// @param pockets "updates" and "security". @throws InfraError where apt's configuration cannot be read.
std::string apt_sources(const std::string& origin, const std::string& suite,
                        const std::vector<std::string>& pockets);

}  // namespace clamproof
