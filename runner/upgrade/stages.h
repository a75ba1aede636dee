/// Packages as stages that are laid over an image, and as reports name them.
#pragma once

#include <optional>
#include <vector>

#include "image/package_source.h"
#include "jobs/job.h"
#include "upgrade/upgrade_results.h"

namespace clamproof {

std::vector<UpgradePackage> told(const std::vector<PackageFile>& packages);

JobStage stage_of(const std::vector<PackageFile>& packages);

/// What is known of an image with stages over it. @returns nothing where a layer is not there yet.
std::optional<BuiltImage> with_stages(const BuiltImage& image, const std::vector<JobStage>& stages);

}  // namespace clamproof
