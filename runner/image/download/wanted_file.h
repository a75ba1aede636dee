/// Downloads that somebody asks for who is not trusted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/download/download.h"

namespace clamproof {

/// The first address that gives it will do.
struct WantedFile {
    std::string place;   ///< a folder of 64 hexadecimal digits, and a name
    std::string digest;  ///< SHA-256; empty where nobody knows it
    std::uint64_t largest = 0;
    std::vector<std::string> addresses;
};
/// Reads lines of their four fields, separated by tabs: "-" is an empty digest, addresses are separated by
/// blanks. @throws InfraError where a line is none, or there are more than 5,000.
std::vector<WantedFile> wanted_files(const std::string& lines);

/// Downloads it to its place below a folder: from public addresses alone, unless $CLAMPROOF_MIRRORS replaces
/// them. @param options `largest_bytes` is less where the file itself may have less
/// @returns its bytes. @throws DownloadFailed by the last address.
std::uint64_t download_wanted(const WantedFile& file, const fs::path& folder, DownloadOptions options);

}  // namespace clamproof
