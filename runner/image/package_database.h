/// What a guest's package manager knows.
#pragma once

#include "guest/guest.h"
#include "image/definition.h"

namespace clamproof {

/// Copies what the guest's package manager knows, and what it goes by, from a running guest into an empty
/// folder on this host: whatever its script database.sh puts into an archive there. So it does not matter
/// which file system the guest is on, or whether it has a disk at all.
/// @throws GuestLost, InfraError where it cannot be had, or is more than a package database is.
void copy_package_database(Guest& guest, const ImageDefinition& image, const std::filesystem::path& folder);

}  // namespace clamproof
