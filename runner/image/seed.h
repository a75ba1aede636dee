/// The disk that brings clamproof into a guest of a cloud image: a seed as cloud-init's NoCloud looks for,
/// with no network service behind it.
///
///     user-data meta-data      what cloud-init runs: images/cloud/bootstrap.sh
///     files/…                  the definition's trees, one over the other
///     provision.sh             how the guest's package manager installs $PACKAGES from the network
///     first-packages           what the control shell needs
#pragma once

#include "image/definition.h"

namespace clamproof {

/// @throws InfraError.
void write_seed(const fs::path& file, const ImageDefinition& image);

}  // namespace clamproof
