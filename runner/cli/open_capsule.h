/// A guest out of a capsule (image/capsule.h), on this host.
#pragma once

#include <memory>
#include <string>

#include "guest/guest.h"
#include "guest/run_folder.h"
#include "image/snapshot.h"
#include "image/transfer/capsule.h"
#include "jobs/settings.h"

namespace clamproof {

/// Whether a person who names this means a capsule, and not an image.
bool names_capsule(const std::string& name);

/// The image that a capsule is of. @throws InputError where this host does not define it, or otherwise.
ImageDefinition image_of(const Capsule& capsule, const Settings& settings);

/// A guest in the very state that was kept. @param folder keeps what is unpacked
/// @throws InputError where the capsule is damaged; InfraError where this host cannot go on from it: which
/// part differs, and the command that comes to the same state here.
std::unique_ptr<Guest> guest_of(Capsule& capsule, Snapshot& image, const RunFolder& folder);

}  // namespace clamproof
