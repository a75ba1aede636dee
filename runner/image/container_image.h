/// Images of containers: their tree lies in the store, packed, and once more in the engine's own, where
/// containers start from it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "guest/container_engine.h"
#include "guest/run_folder.h"
#include "image/prepare.h"

namespace clamproof {

/// The name under which the engine has an image of the store.
std::string engine_image(const StoreEntry& entry);

/// Gives the tree to the engine, where it has not got it; starts one container, where nothing is known of the
/// image's facts yet. Each guest that is forked is a fresh container that has settled.
/// @throws InfraError where there is no engine, or it cannot run a container here.
std::unique_ptr<PreparedImage> prepare_container(BuiltImage built, const ImageStore& store,
                                                 const RunFolder& folder, const BuildOptions& options);

/// Whether nothing of that is left to do. @throws as above.
bool container_is_ready(const BuiltImage& built);

/// Removes from the engine what was given to it and is of no image in the store any more. Nothing happens
/// where there is no engine.
/// @returns the names of what was removed.
std::vector<std::string> forget_containers(const ImageStore& store);

}  // namespace clamproof
