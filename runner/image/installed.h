/// Package files that a person brings, installed over an image by the guest's own package manager. What comes
/// of it is kept as a layer over the image's warm state, by what the files hold, so that it is done once:
///
///     NAME-DIGEST/with/SET/facts packages     what the guest tells of itself afterwards
///     NAME-DIGEST/with/SET/warm/KEY/…         the guest itself, settled again
#pragma once

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

/// The package manager refuses, or what it installed does not come up: a finding about the packages, not
/// about the harness. The message is for a person and ends with the words of the guest.
class NotInstallable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Guests are forked from the image with the packages from then on, and its facts and packages are what they
/// are with them. Nothing happens for an empty set.
/// @throws NotInstallable, InfraError.
void install_over(PreparedImage& image, const PackageSet& packages, const ImageStore& store,
                  const std::function<void(const BuildProgress&)>& progress);

/// What is known of a built image with the packages, without a guest; the image itself for an empty set.
/// @returns nothing where they were not installed yet.
std::optional<BuiltImage> find_installed(const BuiltImage& image, const PackageSet& packages);

/// Where the layer of a set is, or would be.
fs::path layer_folder(const BuiltImage& image, const PackageSet& packages);

/// Folders of layers that nobody went on from in a week.
std::vector<fs::path> forgotten_layers(const StoreEntry& entry);

}  // namespace clamproof
