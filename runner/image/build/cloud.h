/// From a cloud image to a disk of the store: downloaded, booted once with a seed and a way out, provisioned
/// through the control shell, and shut down.
#pragma once

#include "image/kind.h"

namespace clamproof {

/// What the machine has that an image is built in, whatever its guests get: package managers want more than
/// clamd does.
int build_memory_mib(const ImageDefinition& image);

/// What the image's guests are booted with: the line that its own boot loader gave it, without what that
/// added for itself or kept of a guest's memory, and `more`.
std::string guest_kernel_line(const std::string& booted_with, const std::string& more);

/// Fills `work` with what the store holds of an image. What the last step said is in failed_build_folder()
/// where it fails, with the guest's logs, and its disk where that could be kept.
/// @throws InfraError naming the step.
void build_cloud_image(const ImageDefinition& image, const fs::path& work, const Workshop& with);

/// The place of `clamproof shell --at` that a build which failed is gone on from.
inline constexpr const char* at_provisioning = "provisioning";

/// Opens guests where a build failed once its guest had a control shell: with its disk as it was, its seed
/// and its way out. What is done in them is not kept. The workshop outlives it.
/// @throws InputError where no build of the image has left its disk; InfraError.
std::shared_ptr<GuestHost> unfinished_build(const ImageDefinition& image, const Workshop& with);

}  // namespace clamproof
