/// Doing a layer to a guest, and whose fault it is where that fails.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "guest/guest.h"
#include "image/built_image.h"

namespace clamproof {

/// The package manager refuses, or what it installed does not come up: a finding about the packages, not
/// about the harness. The message is for a person and ends with the words of the guest.
class NotInstallable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Has the guest's package manager install packages. A clamd that they leave running though its program is
/// replaced is started anew (images/package-managers/installed.sh).
/// @returns how it ended, and its words. @throws GuestLost, InfraError.
ScriptResult install_packages(Guest& guest, const ImageDefinition& image, const PackageSet& packages);

/// Says whether an installation that failed may be blamed on the packages: it took too long, or the guest's
/// disk or memory ran out. @param doing as in "installing packages on IMAGE". @throws InfraError where they
/// may not; GuestLost.
void blame_the_harness(Guest& guest, const ScriptResult& failed, const std::string& doing);

/// Whether less than 4 MiB are left where the guest keeps what it works on. @throws GuestLost.
bool disk_is_full(Guest& guest);

/// Installs, runs and waits until the guest has settled again. Where that fails its logs are saved.
/// @param image as it is in the guest before @param tell told what is being done
/// @returns the image as it is in the guest then. @throws NotInstallable, InfraError.
BuiltImage change_guest(Guest& guest, const BuiltImage& image, const Layer& layer,
                        const std::function<void(const std::string&)>& tell);

}  // namespace clamproof
