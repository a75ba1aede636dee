/// A guest of an image, ready to be saved or used: booted, settled and guarded.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "guest/guest.h"
#include "image/definition.h"

namespace clamproof {

/// What must be so. Confined: clamd, where it runs, is in the domain or profile that the image names.
enum class Guarded { Enforcing, EnforcingAndConfined };

/// Is the guest guarded as its image says? Asserted, never assumed: a verdict on a guest that enforces
/// nothing would be worth nothing.
/// @throws InfraError "debian-12-selinux: SELinux is not enforcing", "…: clamd runs as unconfined_t, not in
/// …".
void assert_guarded(Guest& guest, const ImageDefinition& image, Guarded guarded);

/// Lines of key=value, as the guest's own small programs print them.
std::map<std::string, std::string> parse_pairs(const std::string& text);
std::string pair_lines(const std::map<std::string, std::string>& pairs);

/// A unit of the guest has failed, or its clamd does not work: a finding where packages were installed.
class UnwellGuest : public InfraError {
  public:
    using InfraError::InfraError;
};

/// Waits until it has booted, runs the image's own `settle`, and asserts that it is guarded.
/// @returns what the guest says of units that have failed and are not needed. @throws UnwellGuest, GuestLost,
/// or InfraError for whatever else does not go as it should, with the guest's words.
std::string await_settled(Guest& guest, const ImageDefinition& image);

/// What a guest tells, as it is kept: its own facts by name, and the answers to what it was asked by question
/// (casefile/facts.h).
using Told = std::map<std::string, std::string>;

/// What a guest is that has settled. @throws GuestLost, InfraError.
Told ask_facts(Guest& guest, const ImageDefinition& image);

/// await_settled, and what the guest is then. @throws as above.
Told settle(Guest& guest, const ImageDefinition& image);

/// The facts by name; empty where the guest was not asked all that the image's guests are asked now.
std::map<std::string, std::string> facts_by_name(const ImageDefinition& image, const Told& told);

/// As settle, for the first guest of an image: where that fails its logs are kept (failed_build_folder).
/// @param doing "starting", for the message
/// @param say told of units that have failed and are not needed
Told settle_first(Guest& guest, const ImageDefinition& image, const std::string& doing,
                  const std::function<void(const std::string&)>& say);

}  // namespace clamproof
