/// What a report says about the host.
#pragma once

#include "image/built_image.h"
#include "jobs/settings.h"
#include "results/results.h"

namespace clamproof {

/// What runs the guests of an image. @throws InfraError where nothing does.
HostInfo host_of(const BuiltImage& image, const Settings& settings);

}  // namespace clamproof
