/// A guest of an image, ready to be saved or used.
#pragma once

#include <string>

#include "guest/guest.h"
#include "image/definition.h"

namespace clamproof {

/// A unit of the guest has failed, or its clamd does not work: a finding where packages were installed.
class UnwellGuest : public InfraError {
  public:
    using InfraError::InfraError;
};

/// Waits until it has booted, runs the image's own `settle`, and asserts that it is guarded (confinement.h).
/// @throws UnwellGuest, GuestLost, or InfraError for whatever else does not go as it should, with the guest's
/// words.
void await_settled(Guest& guest, const ImageDefinition& image);

/// The same, and what the guest is then.
/// @returns the facts it tells, lines of key=value. @throws as above.
std::string settle(Guest& guest, const ImageDefinition& image);

}  // namespace clamproof
