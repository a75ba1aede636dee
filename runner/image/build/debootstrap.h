/// From a definition to a disk: mmdebstrap, the definition's files and scripts, labels, an ext4 file system.
/// Of a container: the same tree, packed.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "image/store.h"
#include "support/process.h"

namespace clamproof {

/// Told to whoever watches a build.
struct BuildProgress {
    std::string step;                ///< "installing packages (unpacking libc6)"
    std::optional<double> fraction;  ///< 0 to 1, where anybody can tell
    double seconds = 0;              ///< since the build began
};

struct BuildOptions {
    std::function<void(const BuildProgress&)> progress = [](const BuildProgress&) {};
    std::function<bool()> cancelled = [] { return false; };
    std::function<ProcessResult(const ProcessOptions&)> run = run_process;  ///< runs the tools
    fs::path pools = cache_folder() / "packages";                           ///< see PackagePool
};

/// What has to be free where images are stored.
inline constexpr int space_for_build_mib = 3000;

/// Builds an image into the store under a temporary name and renames it when it is complete; waits for
/// another process that builds the same.
/// @param build fills an empty folder with what the store holds of an image
/// @throws InfraError naming the step, the tool and its last words.
StoreEntry build_into(const ImageDefinition& image, const ImageStore& store,
                      const std::function<void(const fs::path& folder)>& build);

/// Fills an empty folder with what the store holds of an image whose definition names packages.
/// @throws InfraError as above.
void debootstrap(const ImageDefinition& image, const fs::path& folder, const BuildOptions& options);

/// The same into the store. Needs root: the files of a guest belong to its own users.
StoreEntry build_image(const ImageDefinition& image, const ImageStore& store, const BuildOptions& options);

}  // namespace clamproof
