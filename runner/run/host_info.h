/// What a report says about the host.
#pragma once

#include <string>

#include "image/built_image.h"
#include "jobs/settings.h"
#include "results/results.h"

namespace clamproof {

/// Adds what runs the guests of an image, vms or containers, unless it has been added.
/// @throws InfraError where nothing does.
void tell_of_guests(HostInfo& host, const BuiltImage& image, const Settings& settings);

}  // namespace clamproof
