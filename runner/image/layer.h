/// What is done to guests over their image: package files that a person brings, installed by the guest's own
/// package manager, and a script. Layers lie one over the other.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "image/definition.h"

namespace clamproof {

/// Files to install together.
struct PackageSet {
    std::vector<fs::path> files;
    std::map<std::string, std::string> digests;  ///< file name → hexadecimal SHA-256

    bool empty() const { return files.empty(); }
    bool operator==(const PackageSet&) const = default;
};

/// Reads all of every file, so it is called once a run: a layer carries what it finds.
/// @throws InputError where one is no file, is empty or too large, or two have the same name.
PackageSet read_packages(const std::vector<std::string>& files);

/// What is left of a layer once it has been done to a guest.
enum class Keep {
    InStore,    ///< the guest as it is then, or where it cannot be saved what is known of it
    ForThisJob  ///< nothing; no layer can lie over it
};

/// One thing done to a guest: packages are installed, then a script is run, where there are any.
struct Layer {
    PackageSet packages{};
    std::string script{};  ///< text; sees the image's clamd block as CLAMD_<NAME>
    Keep keep = Keep::InStore;

    bool empty() const { return packages.empty() && script.empty(); }
    bool operator==(const Layer&) const = default;
};

/// The same for layers that do the same to a guest of this image, wherever their files lie and whether or not
/// they are kept: hexadecimal, 16 digits.
std::string layer_key(const ImageDefinition& image, const Layer& layer);

/// For another process, with the digests of the packages: it need not read the files again.
nlohmann::json to_json(const Layer& layer);
/// @throws nlohmann::json::exception where it is none.
Layer layer_from_json(const nlohmann::json& json);

}  // namespace clamproof
