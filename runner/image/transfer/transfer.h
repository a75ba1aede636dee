/// Images that travel: one compressed file that holds a built image and its warm state, for another host.
///
///     manifest.json   the definition's digest, and name, size and SHA-256 of what follows
///     lock.json facts warm/KEY/made-by.json vmlinuz initrd disk.qcow2 warm/KEY/disk.qcow2 warm/KEY/memory
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "image/built_image.h"
#include "image/store.h"
#include "image/transfer/packed_files.h"
#include "support/archive.h"
#include "support/error.h"

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

/// Takes an exported image into the store (ExportedImage tells what is checked). Nothing of it is in the
/// store before all of it is. A warm state that this host cannot go on from is left out.
/// @throws InputError where the file is damaged, cut short, no export, or of a definition that is not the one
/// in `images`; InfraError where there is no space.
Imported import_image(const fs::path& file, const ImageStore& store, const ImportOptions& options);

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

/// A file that `image export` made, or that somebody says it made.
///
/// Nothing that the file says is believed before it is checked: which files there are and in which order,
/// their sizes and digests, on what the disks lie, of which definition the image is.
class ExportedImage {
  public:
    /// Reads the manifest. @param images folders of definitions
    /// @throws InputError where the file is no export, or of an image that `images` does not define, or
    /// defines otherwise by now.
    ExportedImage(const fs::path& file, const Folders& images);

    const ImageDefinition& definition() const { return definition_; }
    /// Of all files together, unpacked.
    std::uint64_t bytes() const { return manifest_.bytes(); }

    /// Unpacks all of it, once.
    /// @param folder is empty, and worth nothing where this throws
    /// @param cancelled asked now and then; true ends it with an InfraError
    /// @returns the folder as a complete, sealed image. @throws InputError where the file is damaged, cut
    /// short or not what its manifest says; InfraError where there is no space.
    StoreEntry unpack(const fs::path& folder, const std::function<bool()>& cancelled);

  private:
    void check(const StoreEntry& entry) const;
    void check_disk(const fs::path& disk, const std::string& below) const;
    void seal(const fs::path& folder) const;

    fs::path file_;
    ArchiveReader reader_;
    Manifest manifest_;
    ImageDefinition definition_;
};

}  // namespace clamproof
