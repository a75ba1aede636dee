/// The booted, settled guest of a stored image, kept as memory and a layer of disk:
///
///     warm/KEY/memory disk.qcow2 made-by.json seal
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "guest/guest.h"
#include "guest/machine_key.h"
#include "image/store.h"
#include "support/json_reader.h"

namespace clamproof {

/// What a warm state was made by and over. It goes on only where all of this is the same.
struct SavedOrigin {
    std::vector<MachinePart> machine;
    std::string disk;  ///< SHA-256 of the image's disk, which lies below the state's own layer

    std::string key() const { return machine_key(machine); }
};

/// Where warm/KEY keeps an origin.
inline constexpr const char* origin_name = "made-by.json";

std::string origin_to_json(const SavedOrigin& origin);
/// @param name of the file, for messages. @throws InputError naming the place.
SavedOrigin origin_from_json(const std::string& text, const std::string& name);
SavedOrigin read_origin(const Json& json);

/// In words, what of `saved` is not so here: "was saved by QEMU 7.2.15, this host has 7.2.22"; empty where
/// nothing differs.
std::string difference(const SavedOrigin& saved, const SavedOrigin& here);

/// The state for `here`, checked. Changes nothing.
struct SavedCheck {
    std::optional<State> state;  ///< empty where there is none that could be used
    std::string
        trouble;  ///< why not, as the rest of "the warm state of X …"; empty where there is none at all
};
SavedCheck check_saved(const StoreEntry& entry, const SavedOrigin& here);

/// Takes a saved guest into the store in one rename, over whatever was there.
/// @param below the disk that its layer lies on, seen from warm/KEY
/// @returns where it is now. @throws InfraError.
State keep_saved(const State& state, const StoreEntry& entry, const SavedOrigin& origin,
                 const fs::path& below = "../../disk.qcow2");

/// Folders of warm states that a later one under the same accelerator took the place of, and of saves that
/// were cut off. True only while nobody makes one.
std::vector<fs::path> outdated_states(const StoreEntry& entry);

}  // namespace clamproof
