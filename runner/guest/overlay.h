/// Disks in layers (qcow2), by qemu-img.
#pragma once

#include <optional>
#include <string>

#include "support/files.h"

namespace clamproof {

/// A new empty layer on a disk that will not be written to any more. @throws InfraError.
void make_overlay(const fs::path& layer, const fs::path& below);

/// Tells a layer where the disk below it is now. @param below relative to the layer's own folder, or absolute
void move_below(const fs::path& layer, const fs::path& below);

/// The disk that a layer says it lies on, as it says it; empty for a disk that lies on none.
/// @returns nothing for what is no qcow2, or keeps its data in another file.
std::optional<std::string> disk_below(const fs::path& layer);

/// Copies a folder out of the ext4 file system on a disk that no guest uses, by debugfs: works however the
/// guest died.
/// @returns false where there was nothing to copy. @throws InfraError.
bool copy_out(const fs::path& disk, const std::string& folder, const fs::path& into);

}  // namespace clamproof
