/// Packages that a person's command makes of a revision when it is first asked about.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "image/package_source.h"

namespace clamproof {

/// What was made into the folder before; nothing where it was not.
std::vector<PackageFile> made_before(const fs::path& folder);

/// Runs the command by a shell, with the revision as $REVISION and an empty folder for the package files as
/// $PACKAGES. The folder appears when all is made.
/// @throws NotInstallable where it fails or makes none, with its words: the revision cannot be told about.
std::vector<PackageFile> make_packages(const std::string& command, const std::string& revision,
                                       const fs::path& folder, const std::function<bool()>& cancelled);

}  // namespace clamproof
