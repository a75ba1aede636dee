/// One guest's state in a file of its own, for a colleague with the same image, QEMU and accelerator:
///
///     capsule.json    what it is, what it was saved by, and name, size and SHA-256 of what follows
///     results.json    of the cell, as far as it came
///     disk.qcow2      what differs from the image's disk
///     memory
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "guest/guest.h"
#include "image/saved_state.h"
#include "image/transfer/packed_files.h"

namespace clamproof {

/// What a capsule says of itself.
struct CapsuleLabel {
    std::string image;
    std::string digest;  ///< of the image's definition
    std::string what;    ///< "house leak cron, at fix:unset", for a person
    std::string replay;  ///< the command that comes to the same state without the capsule
    SavedOrigin origin;  ///< what saved it, over which disk
};

/// Writes a capsule, under a temporary name until it is complete.
/// @param base the image's disk, on which the state's lies, however many layers up
/// @param results JSON text
/// @throws InfraError.
void write_capsule(const fs::path& file, const CapsuleLabel& label, const State& state, const fs::path& base,
                   const std::string& results);

/// A file that `run --capsule` has written, or that somebody says it has. Nothing in it is believed before it
/// is checked.
class Capsule {
  public:
    /// Reads the label. @throws InputError where the file is none.
    explicit Capsule(const fs::path& file);

    const CapsuleLabel& label() const { return label_; }

    /// Unpacks it, once.
    /// @param folder is empty and outlives the state @param base the image's disk on this host
    /// @throws InputError where it is damaged, cut short or not what it says; InfraError where there is no
    /// space.
    State unpack(const fs::path& folder, const fs::path& base, const std::function<bool()>& cancelled);

  private:
    fs::path file_;
    ArchiveReader reader_;
    CapsuleLabel label_;
    std::vector<PackedFile> files_;
};

}  // namespace clamproof
