/// A guest of an image, ready to be saved or used.
#pragma once

#include <string>

#include "guest/guest.h"
#include "image/definition.h"

namespace clamproof {

/// Waits until it has booted, runs the image's own `settle`, and asserts that it is guarded (confinement.h).
/// @throws InfraError with the guest's words.
void await_settled(Guest& guest, const ImageDefinition& image);

/// The same, and what the guest is then.
/// @returns the facts it tells, lines of key=value. @throws InfraError with the guest's words.
std::string settle(Guest& guest, const ImageDefinition& image);

}  // namespace clamproof
