/// Package databases of images, from guests that this process starts.
#pragma once

#include "image/package_source.h"
#include "jobs/settings.h"

namespace clamproof {

/// Starts a guest of an image that is ready, for as long as the copy takes; an interrupt ends it.
CopyDatabase database_copier(const Settings& settings);

}  // namespace clamproof
