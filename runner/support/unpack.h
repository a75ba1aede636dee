/// Archives of people who are not trusted, written to the disk.
#pragma once

#include <cstdint>

#include "support/files.h"

namespace clamproof {

/// Writes the files of a tar archive, compressed by gzip or not at all, below a folder. What is no plain file
/// (links, devices) is passed over; owners and modes are this process's own.
/// @param largest bytes that the files may have together
/// @throws InputError where the archive is damaged, holds more, or names a file that is not below the folder;
/// InfraError where nothing can be written.
void unpack_files(const fs::path& archive, const fs::path& folder, std::uint64_t largest);

}  // namespace clamproof
