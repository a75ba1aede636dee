/// What a fix changed on a guest: the side effects of a cure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "guest/guest.h"

namespace clamproof {

/// What stands on a guest, by the guest's own /usr/lib/clamproof/inventory: files and links below /etc, port
/// labels, booleans and modules of a policy, loaded profiles, the service manager's environment, each with
/// something that changes when it does.
using Inventory = std::map<std::string, std::string>;

/// Reads lines of "THING<tab>VALUE"; others are passed over.
Inventory parse_inventory(const std::string& text);

/// @throws GuestLost, InfraError.
Inventory take_inventory(Guest& guest);

/// "changed file /etc/clamav/clamd.conf", "added port tcp 1024-2048 clamd_port_t", "removed …", sorted by
/// thing.
std::vector<std::string> changes_between(const Inventory& before, const Inventory& after);

}  // namespace clamproof
