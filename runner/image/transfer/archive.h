/// The file that `image export` makes: a manifest, and the files of an image that it names.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "image/store.h"
#include "image/transfer/packed_files.h"
#include "support/archive.h"
#include "support/error.h"

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
