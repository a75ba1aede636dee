/// Images that travel: one compressed file that holds a built image and its warm state, for another host.
///
///     manifest.json   the definition's digest, and name, size and SHA-256 of what follows
///     lock.json facts warm/KEY/made-by.json vmlinuz initrd disk.qcow2 warm/KEY/disk.qcow2 warm/KEY/memory
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "image/built_image.h"

namespace clamproof {

/// Writes an image that is ready (find_ready) into a file, under a temporary name until it is complete. The
/// same image makes the same bytes.
/// @param cancelled asked now and then; true ends it with an InfraError and nothing left
/// @returns the size of the file in bytes. @throws InfraError.
std::uint64_t export_image(const BuiltImage& image, const fs::path& file,
                           const std::function<bool()>& cancelled);

/// What became of a file.
struct Imported {
    std::string image;
    std::string digest;
    bool stored = false;  ///< false: the store had it already
    bool warm = false;    ///< guests can be forked at once
    std::string trouble;  ///< why not warm, as the rest of "the warm state …"
};

struct ImportOptions {
    Folders images;           ///< of definitions
    std::string accelerator;  ///< auto, kvm or tcg
    std::function<bool()> cancelled = [] { return false; };
};

/// Takes an exported image into the store (image/exported.h tells what is checked). Nothing of it is in the
/// store before all of it is. A warm state that this host cannot go on from is left out.
/// @throws InputError where the file is damaged, cut short, no export, or of a definition that is not the one
/// in `images`; InfraError where there is no space.
Imported import_image(const fs::path& file, const ImageStore& store, const ImportOptions& options);

}  // namespace clamproof
