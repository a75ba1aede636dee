#include "proof/inventory.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "support/text.h"

namespace clamproof {
namespace {

GuestChange change_of(const std::string& thing, std::string before, std::string after) {
    const auto space = thing.find(' ');
    return {.kind = thing.substr(0, space),
            .name = space == std::string::npos ? "" : thing.substr(space + 1),
            .before = std::move(before),
            .after = std::move(after)};
}

std::string thing_of(const GuestChange& change) {
    return change.name.empty() ? change.kind : change.kind + " " + change.name;
}

std::string value_in(const Inventory& inventory, const std::string& thing) {
    const auto found = inventory.find(thing);
    if (found == inventory.end()) return "";
    return found->second.empty() ? "there" : found->second;
}

}  // namespace

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
    if (result.exit != 0)
        throw InfraError("the guest cannot take its inventory: " + terminal_text(result.err));
    return parse_inventory(result.out.raw());
}

std::vector<GuestChange> what_changed(const Inventory& before, const Inventory& after) {
    Inventory all = before;
    all.insert(after.begin(), after.end());
    std::vector<GuestChange> changes;
    for (const auto& [thing, unused] : all) {
        std::string was = value_in(before, thing), is = value_in(after, thing);
        if (was != is) changes.push_back(change_of(thing, std::move(was), std::move(is)));
    }
    return changes;
}

std::vector<std::string> change_names(const std::vector<GuestChange>& changes) {
    std::vector<std::string> names;
    for (const auto& change : changes) {
        const char* how = change.before.empty() ? "added" : change.after.empty() ? "removed" : "changed";
        names.push_back(fmt::format("{} {}", how, thing_of(change)));
    }
    return names;
}

std::vector<GuestChange> other_changes(const std::vector<GuestChange>& changes,
                                       const std::vector<std::string>& allowed) {
    std::vector<GuestChange> others;
    for (const auto& change : changes) {
        const bool named = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& glob) {
            return match_glob(glob, thing_of(change));
        });
        if (!named) others.push_back(change);
    }
    return others;
}

Inventory package_inventory(const std::map<std::string, std::string>& packages) {
    Inventory inventory;
    for (const auto& [name, version] : packages) inventory["package " + name] = version;
    return inventory;
}

}  // namespace clamproof
