/// Images of containers: their tree lies in the store, packed, and once more in the engine's own, where
/// containers start from it.
#pragma once

#include <string>
#include <vector>

#include "image/store.h"

namespace clamproof {

/// The name under which the engine has an image of the store.
std::string engine_image(const StoreEntry& entry);

/// Removes from the engine what was given to it and is of no image in the store any more. Nothing happens
/// where there is no engine.
/// @returns the names of what was removed.
std::vector<std::string> forget_containers(const ImageStore& store);

}  // namespace clamproof
