/// From a cloud image to a disk of the store: downloaded, booted once with a seed and a way out, provisioned
/// through the control shell, and shut down.
#pragma once

#include "guest/vm.h"
#include "image/builder.h"

namespace clamproof {

/// What a build that boots guests needs besides.
struct BuildHost {
    Hypervisor& hypervisor;
    const RunFolder& folder;
    std::string accelerator;  ///< auto, kvm or tcg
};

/// Fills `work` with what the store holds of an image. What the last step said is in failed_build_folder()
/// where it fails, with the guest's logs.
/// @throws InfraError naming the step.
void build_cloud_image(const ImageDefinition& image, const ImageStore& store, const fs::path& work,
                       const BuildHost& host, const BuildOptions& options);

}  // namespace clamproof
