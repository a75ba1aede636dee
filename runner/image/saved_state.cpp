#include "image/saved_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "guest/overlay.h"
#include "support/error.h"

namespace clamproof {
namespace {

// A name that says more than the part's own where it stands before a version.
std::string in_words(const MachinePart& saved, const std::string& here) {
    if (saved.name == "accelerator")
        return fmt::format("was saved under {}, guests run under {} now", saved.value, here);
    if (saved.name == "processor")
        return fmt::format("was saved on {}, this processor is {}", saved.value, here);
    if (saved.name == "machine") return "is of a machine that this clamproof describes otherwise";
    return fmt::format("was saved by {} {}, this host has {}", saved.name, saved.value, here);
}

std::optional<SavedOrigin> origin_in(const fs::path& folder) {
    const fs::path file = folder / origin_name;
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return std::nullopt;
    try {
        return origin_from_json(read_file(file), file.string());
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

State state_in(const fs::path& folder) {
    return {.memory = folder / "memory", .disk = folder / "disk.qcow2", .keeps = nullptr};
}

}  // namespace

std::string origin_to_json(const SavedOrigin& origin) {
    nlohmann::ordered_json json;
    for (const auto& part : origin.machine) json[part.name] = part.value;
    json["disk"] = origin.disk;
    return json.dump(1) + "\n";
}

SavedOrigin origin_from_json(const std::string& text, const std::string& name) {
    return read_origin(parse_json(text, name));
}

SavedOrigin read_origin(const Json& json) {
    ObjectReader reader(json, "the origin of a warm state");
    SavedOrigin origin;
    for (const char* part : {"accelerator", "QEMU", "libvirt", "processor", "machine"})
        origin.machine.push_back({.name = part, .value = reader.string(part)});
    origin.disk = reader.string("disk");
    reader.finish();
    return origin;
}

std::string difference(const SavedOrigin& saved, const SavedOrigin& here) {
    for (std::size_t i = 0; i < std::min(saved.machine.size(), here.machine.size()); ++i)
        if (saved.machine[i] != here.machine[i]) return in_words(saved.machine[i], here.machine[i].value);
    if (saved.disk != here.disk) return "was saved over another disk than the image has";
    return "";
}

SavedCheck check_saved(const StoreEntry& entry, const SavedOrigin& here) {
    const fs::path folder = entry.warm(here.key());
    std::error_code ignored;
    if (fs::exists(folder, ignored)) {
        if (const std::string damage = SealedFolder::damage(folder); !damage.empty())
            return {.state = {}, .trouble = "is damaged: " + damage};
        const auto origin = origin_in(folder);
        if (!origin) return {.state = {}, .trouble = "does not tell what it was saved by"};
        const std::string other = difference(*origin, here);
        if (other.empty()) return {.state = state_in(folder), .trouble = ""};
        return {.state = {}, .trouble = other};
    }
    for (const auto& sibling : fs::directory_iterator(folder.parent_path(), ignored))
        if (const auto origin = origin_in(sibling.path()))
            return {.state = {}, .trouble = difference(*origin, here)};
    return {};
}

State keep_saved(const State& state, const StoreEntry& entry, const SavedOrigin& origin,
                 const fs::path& below) {
    const fs::path place = entry.warm(origin.key());
    make_folder(place.parent_path(), for_all_to_read);
    const TempDir work(place.parent_path(), ".saving-");
    rename_path(state.memory, work.path() / "memory");
    rename_path(state.disk, work.path() / "disk.qcow2");
    move_below(work.path() / "disk.qcow2", below);
    write_file(work.path() / origin_name, origin_to_json(origin));
    SealedFolder::seal(work.path(), {"memory", "disk.qcow2", origin_name});
    remove_tree(place);
    move_into_place(work.path(), place);
    return state_in(place);
}

std::vector<fs::path> outdated_states(const StoreEntry& entry) {
    struct Kept {
        fs::path folder;
        fs::file_time_type since;
    };
    std::vector<fs::path> outdated;
    std::map<std::string, Kept> newest;  // by accelerator
    std::error_code ignored;
    for (const auto& sibling : fs::directory_iterator(entry.folder / "warm", ignored)) {
        const auto origin = origin_in(sibling.path());
        Kept kept{.folder = sibling.path(), .since = sibling.last_write_time()};
        if (!origin || sibling.path().filename().string().starts_with('.')) {
            outdated.push_back(kept.folder);
            continue;
        }
        const auto [place, first] = newest.try_emplace(origin->machine.front().value, kept);
        if (first) continue;
        if (place->second.since < kept.since) std::swap(place->second, kept);
        outdated.push_back(kept.folder);
    }
    return outdated;
}

}  // namespace clamproof
