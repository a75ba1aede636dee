/// From a cloud image to a disk of the store: downloaded, booted once with a seed and a way out, provisioned
/// through the control shell, and shut down.
#pragma once

#include "image/kind.h"

namespace clamproof {

/// Fills `work` with what the store holds of an image. What the last step said is in failed_build_folder()
/// where it fails, with the guest's logs.
/// @throws InfraError naming the step.
void build_cloud_image(const ImageDefinition& image, const fs::path& work, const Workshop& with);

}  // namespace clamproof
