/// What an upgrade changed on a guest, of what matters to clamd: packages, files below /etc, profiles,
/// SELinux modules, port labels and booleans, units, clamd's own settings, environment and confinement.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "proof/changes.h"

namespace clamproof {

struct GuestChange {
    std::string kind;    ///< package, file, setting, …: the first word of an inventory's line
    std::string name;    ///< clamav-daemon, /etc/clamav/clamd.conf, LogFile
    std::string before;  ///< its value; empty where it was not there
    std::string after;   ///< empty where it is gone

    bool operator==(const GuestChange&) const = default;
};

/// Sorted by kind and name.
std::vector<GuestChange> what_changed(const Inventory& before, const Inventory& after);

/// Packages as things of an inventory.
Inventory package_inventory(const std::map<std::string, std::string>& packages);

/// "package clamav-daemon: 1.4.3 → 1.4.6", "file /etc/x: changed", "setting LogFile: gone, was /x": values
/// that are there for comparing alone are not shown.
std::string sentence(const GuestChange& change);

}  // namespace clamproof
