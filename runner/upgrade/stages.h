/// Packages as stages that are laid over an image, and as reports name them.
#pragma once

#include <vector>

#include "image/layer.h"
#include "image/package_source.h"
#include "upgrade/upgrade_results.h"

namespace clamproof {

std::vector<UpgradePackage> told(const std::vector<PackageFile>& packages);

/// Reads all of them.
Layer stage_of(const std::vector<PackageFile>& packages);

}  // namespace clamproof
