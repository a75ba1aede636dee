/// What a file that `image export` makes says of itself: its first member.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/packed_files.h"

namespace clamproof {

struct Manifest {
    std::string image;
    std::string digest;             ///< of the definition
    std::string warm;               ///< key of the warm state
    std::vector<PackedFile> files;  ///< in the order in which they follow

    std::uint64_t bytes() const;
};

inline constexpr const char* manifest_name = "manifest.json";

/// The names that follow a manifest, in their order: what is small first, what is like the disk after it.
std::vector<std::string> names_of_export(const std::string& warm_key);

std::string manifest_to_json(const Manifest& manifest);
/// Anybody may have written it: names no file but those of an export, and none outside the image's folder.
/// @param name of the file, for messages. @throws InputError.
Manifest manifest_from_json(const std::string& text, const std::string& name);

}  // namespace clamproof
