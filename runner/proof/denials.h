/// What the guest's security module refused, out of its audit log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "casefile/evidence.h"
#include "results/results.h"

namespace clamproof {

/// The denials in raw audit log text, equal ones counted as one, in the order of their first appearance.
///
/// Read are the kernel's AVC records (SELinux, AppArmor) that say "denied" and meant it: not those of
/// permissive domains and complaining profiles, which let it happen. Of several permissions in a record each
/// is a denial of its own. What a truncated record does not say is empty. `path` is what the kernel knew of
/// the file, for SELinux often its last name alone. Anything else in the text is passed over; a guest can
/// write what it likes there. Safe to call from several threads.
/// @throws InfraError where the parser cannot be started.
std::vector<Denial> parse_denials(std::string_view audit_log);

/// How many of the denials, each with its count, equal the pattern wherever it says something.
int count_matching(const DenialPattern& pattern, const std::vector<Denial>& denials);

/// "denial lsm=selinux comm=clamd class=tcp_socket permission=name_bind source=clamd_t
/// target=unreserved_port_t port=1024-1998, 975 times", in the terms of a case's evidence.
std::string describe(const Denial& denial);

}  // namespace clamproof
