#include "upgrade/what_changed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace clamproof {
namespace {

// Their values are checksums.
constexpr std::array<std::string_view, 4> opaque = {"file", "module", "not-taken", "unit"};

GuestChange change_of(const std::string& thing, std::string before, std::string after) {
    const auto space = thing.find(' ');
    return {.kind = thing.substr(0, space),
            .name = space == std::string::npos ? "" : thing.substr(space + 1),
            .before = std::move(before),
            .after = std::move(after)};
}

std::string value_in(const Inventory& inventory, const std::string& thing) {
    const auto found = inventory.find(thing);
    if (found == inventory.end()) return "";
    return found->second.empty() ? "there" : found->second;
}

}  // namespace

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

Inventory package_inventory(const std::map<std::string, std::string>& packages) {
    Inventory inventory;
    for (const auto& [name, version] : packages) inventory["package " + name] = version;
    return inventory;
}

std::string sentence(const GuestChange& change) {
    const std::string thing = change.kind + " " + change.name;
    if (std::find(opaque.begin(), opaque.end(), change.kind) != opaque.end()) {
        const char* what = change.before.empty() ? "new" : change.after.empty() ? "gone" : "changed";
        return fmt::format("{}: {}", thing, what);
    }
    if (change.before.empty()) return fmt::format("{}: new, {}", thing, change.after);
    if (change.after.empty()) return fmt::format("{}: gone, was {}", thing, change.before);
    return fmt::format("{}: {} → {}", thing, change.before, change.after);
}

}  // namespace clamproof
