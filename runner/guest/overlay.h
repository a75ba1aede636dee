/// Disks in layers (qcow2), by qemu-img.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/files.h"

namespace clamproof {

/// A new empty layer on a disk that will not be written to any more. @throws InfraError.
void make_overlay(const fs::path& layer, const fs::path& below);

/// Tells a layer where the disk below it is now. @param below relative to the layer's own folder, or absolute
void move_below(const fs::path& layer, const fs::path& below);

/// The disk that a layer says it lies on, as it says it; empty for a disk that lies on none.
/// @returns nothing for what is no qcow2, or keeps its data in another file.
std::optional<std::string> disk_below(const fs::path& layer);

/// How large a guest sees a disk, in bytes. @throws InfraError for what is no qcow2.
std::uint64_t disk_size(const fs::path& disk);

/// Reads regular files from the ext4 file system on a disk that no guest uses: works however the guest died.
/// The disk is not trusted: what reads it has no rights (see run_confined) and hands over bytes alone, the
/// first 4 MiB of a file. It copies the disk first, and takes five minutes for that at most, then one for all
/// files: those that are not read by then are left out.
/// @param files absolute paths in the guest; one that is not there, or is no regular file, is left out
/// @returns path → content. @throws InfraError where the file system is damaged beyond its journal.
std::map<std::string, std::string> read_from_disk(const fs::path& disk,
                                                  const std::vector<std::string>& files);

}  // namespace clamproof
