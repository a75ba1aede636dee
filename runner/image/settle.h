/// A guest of an image, ready to be saved or used.
#pragma once

#include <map>
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

/// What a guest tells, as it is kept: its own facts by name, and the answers to what it was asked by question
/// (casefile/facts.h).
using Told = std::map<std::string, std::string>;

/// What a guest is that has settled. @throws GuestLost, InfraError.
Told ask_facts(Guest& guest, const ImageDefinition& image);

/// await_settled, and what the guest is then. @throws as above.
Told settle(Guest& guest, const ImageDefinition& image);

/// The facts by name; empty where the guest was not asked all that the image's guests are asked now.
std::map<std::string, std::string> facts_by_name(const ImageDefinition& image, const Told& told);

}  // namespace clamproof
