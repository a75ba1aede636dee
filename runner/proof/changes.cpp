#include "proof/changes.h"

#include <fmt/format.h>

#include <set>
#include <sstream>

namespace clamproof {

Inventory parse_inventory(const std::string& text) {
    Inventory inventory;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto tab = line.find('\t');
        if (tab != std::string::npos) inventory[line.substr(0, tab)] = line.substr(tab + 1);
    }
    return inventory;
}

Inventory take_inventory(Guest& guest) {
    const ScriptResult result = guest.run({.text = "exec /usr/lib/clamproof/inventory", .deadline = 30});
    if (result.exit != 0) throw InfraError("the guest cannot take its inventory: " + result.err);
    return parse_inventory(result.out);
}

std::vector<std::string> changes_between(const Inventory& before, const Inventory& after) {
    std::set<std::string> things;
    for (const auto& [thing, value] : before) things.insert(thing);
    for (const auto& [thing, value] : after) things.insert(thing);
    std::vector<std::string> changes;
    for (const auto& thing : things) {
        const auto old_one = before.find(thing), new_one = after.find(thing);
        if (old_one == before.end()) {
            changes.push_back("added " + thing);
        } else if (new_one == after.end()) {
            changes.push_back("removed " + thing);
        } else if (old_one->second != new_one->second) {
            changes.push_back("changed " + thing);
        }
    }
    return changes;
}

}  // namespace clamproof
