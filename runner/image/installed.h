/// What is done to guests over their image: package files that a person brings, installed by the guest's own
/// package manager, and a script. What comes of it can be kept as a layer over the image's warm state, by
/// what the files hold, so that it is done once; and over that layer another one:
///
///     NAME-DIGEST/with/STAGE/facts packages       what the guest tells of itself afterwards
///     NAME-DIGEST/with/STAGE/words                what the package manager said
///     NAME-DIGEST/with/STAGE/warm/KEY/…           the guest itself, settled again
///     NAME-DIGEST/with/STAGE/with/STAGE/…         the next layer
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "image/prepare.h"

namespace clamproof {

/// Files to install together.
struct PackageSet {
    std::vector<fs::path> files;
    std::map<std::string, std::string> digests;  ///< file name → hexadecimal SHA-256

    bool empty() const { return files.empty(); }
};

/// @throws InputError where one is no file, is empty or too large, or two have the same name.
PackageSet read_packages(const std::vector<std::string>& files);

/// One thing done to a guest: packages are installed, then a script is run, where there are any.
struct Stage {
    PackageSet packages;
    std::string script{};  ///< text; sees the image's clamd block as CLAMD_<NAME>

    bool empty() const { return packages.empty() && script.empty(); }
};

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

/// Installs, runs and waits until the guest has settled again. Where that fails its logs are saved.
/// @returns the image as it is in that guest. @throws NotInstallable, InfraError.
BuiltImage change_guest(Guest& guest, const BuiltImage& image, const Stage& stage,
                        const std::function<void(const std::string&)>& tell);

/// Guests are forked from the image with the stage done from then on, and its facts and packages are what
/// they are with it; kept as a layer. Nothing happens for an empty stage.
/// @throws NotInstallable, InfraError.
void install_over(PreparedImage& image, const Stage& stage, const ImageStore& store,
                  const std::function<void(const BuildProgress&)>& progress);

/// What is known of a built image with the stage done, without a guest; the image itself for an empty stage.
/// @returns nothing where that was not kept yet.
std::optional<BuiltImage> find_installed(const BuiltImage& image, const Stage& stage);

/// The same for stages that do the same to a guest of this image: hexadecimal, 16 digits.
std::string stage_key(const ImageDefinition& image, const Stage& stage);

/// Where the layer of a stage is, or would be.
fs::path layer_folder(const BuiltImage& image, const Stage& stage);

/// Folders of layers that nobody went on from in a week.
std::vector<fs::path> forgotten_layers(const StoreEntry& entry);

}  // namespace clamproof
