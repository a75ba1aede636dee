/// What is known of a built image, and of the layers over it, without a guest: `list`, `image show` and
/// reports read it. A layer lies in the folder of what it lies on:
///
///     NAME-DIGEST/with/KEY/facts packages      what the guest tells of itself with it
///     NAME-DIGEST/with/KEY/words               what the package manager said
///     NAME-DIGEST/with/KEY/warm/KEY/…          the guest itself, settled again, where it can be saved
///     NAME-DIGEST/with/KEY/with/KEY/…          the next layer
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "image/layer.h"
#include "image/saved_state.h"
#include "image/settle.h"
#include "image/store.h"

namespace clamproof {

/// An image of the store, or with layers over it.
struct BuiltImage {
    ImageDefinition definition;
    StoreEntry entry;
    std::map<std::string, std::string> packages{};  ///< name → version
    std::map<std::string, std::string> facts{};     ///< empty before a guest was asked all of them
    std::string kernel_line{};                      ///< that its guests boot with
    std::string output{};                           ///< the package manager's, of the newest layer
    fs::path layer{};                               ///< folder of the newest layer; empty: there is none
    /// Of the image's own saved state on this host, or what containers of it run on; empty where nobody has
    /// asked for guests yet.
    SavedOrigin origin{};

    /// The folder with what is saved of it.
    fs::path top() const { return layer.empty() ? entry.folder : layer; }
};

/// @returns nothing where it is not built (or was damaged: told to `say`).
std::optional<BuiltImage> find_built(const ImageDefinition& image, const ImageStore& store,
                                     const std::function<void(const std::string&)>& say);

/// What is known of a complete entry. @throws InfraError.
BuiltImage known_of(const ImageDefinition& image, const StoreEntry& entry);

/// The facts that are kept in a folder of the store, and the kind of guest; empty where not all that the
/// image's guests are asked was told yet.
std::map<std::string, std::string> facts_of(const ImageDefinition& image, const fs::path& folder);

/// Keeps what a guest told in a folder of the store. Answers to what other cases ask stay.
void keep_told(const fs::path& folder, const Told& told);

/// Where a layer over an image is, or would be.
fs::path layer_folder(const BuiltImage& image, const Layer& layer);

/// What is known of the image with a layer over it; the image itself where it is empty.
/// @returns nothing where that was not kept yet.
std::optional<BuiltImage> find_layer(const BuiltImage& image, const Layer& layer);

/// Keeps what is known of an image with a layer for find_layer. @throws InfraError.
void keep_knowledge(const BuiltImage& with, const fs::path& layer);

/// Folders of layers that nobody went on from in a week.
std::vector<fs::path> forgotten_layers(const StoreEntry& entry);

}  // namespace clamproof
