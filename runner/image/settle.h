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

/// As settle, for the first guest of an image: where that fails its logs are kept (failed_build_folder).
/// @param doing "starting", for the message
std::string settle_first(Guest& guest, const ImageDefinition& image, const std::string& doing);

}  // namespace clamproof
