/// Is the guest guarded as its image says? Asserted, never assumed: a verdict on a guest that enforces
/// nothing would be worth nothing.
#pragma once

#include "guest/guest.h"
#include "image/definition.h"

namespace clamproof {

/// What must be so. Confined: clamd, where it runs, is in the domain or profile that the image names.
enum class Guarded { Enforcing, EnforcingAndConfined };

/// @throws InfraError "debian-12-selinux: SELinux is not enforcing", "…: clamd runs as unconfined_t, not in
/// …".
void assert_guarded(Guest& guest, const ImageDefinition& image, Guarded guarded);

/// Lines of key=value, as the guest's own small programs print them.
std::map<std::string, std::string> parse_pairs(const std::string& text);
std::string pair_lines(const std::map<std::string, std::string>& pairs);

}  // namespace clamproof
