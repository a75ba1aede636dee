/// What of a disk can be told before its first boot: that boot would wait for ever, and say nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "support/files.h"

namespace clamproof {

/// Bytes of a disk from an offset on; less where the disk ends before.
using ReadDisk = std::function<std::string(std::uint64_t offset, std::size_t bytes)>;

/// Why a guest cannot be made of a disk: its root, which is on its largest partition, is encrypted or a part
/// of LVM; or it is to boot by BIOS and has a partition table, but no code to boot by.
/// @param firmware bios or uefi
/// @returns words that go on after "a disk"; empty where nothing is known against it.
std::string unfit_for_first_boot(const ReadDisk& read, const std::string& firmware);

/// The same of a disk in the format qcow2. What of it cannot be read is taken to be nothing.
std::string unfit_for_first_boot(const fs::path& disk, const std::string& firmware);

}  // namespace clamproof
