/// What stands on a guest, and how two guests differ in it: the side effects of a cure, the work of an
/// upgrade.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "guest/guest.h"
#include "results/upgrade_results.h"

namespace clamproof {

/// What stands on a guest, by the guest's own /usr/lib/clamproof/inventory: files and links below /etc, port
/// labels, booleans and modules of a policy, loaded profiles, the service manager's environment, each with
/// something that changes when it does.
using Inventory = std::map<std::string, std::string>;

/// Reads lines of "THING<tab>VALUE"; others are passed over.
Inventory parse_inventory(const std::string& text);

/// @throws GuestLost, InfraError.
Inventory take_inventory(Guest& guest);

/// Sorted by kind and name.
std::vector<GuestChange> what_changed(const Inventory& before, const Inventory& after);

/// Each change by its name: "changed file /etc/clamav/clamd.conf", "added port tcp 1024-2048", "removed …".
std::vector<std::string> change_names(const std::vector<GuestChange>& changes);

/// The changes of things that no glob names: of "file /etc/clamav/clamd.conf", "port tcp *", …
std::vector<GuestChange> other_changes(const std::vector<GuestChange>& changes,
                                       const std::vector<std::string>& allowed);

/// Packages as things of an inventory.
Inventory package_inventory(const std::map<std::string, std::string>& packages);

}  // namespace clamproof
