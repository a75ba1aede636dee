/// An image and the layers over it, ready to open guests from.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "guest/guest.h"
#include "image/built_image.h"

namespace clamproof {

/// Hides whether what is done to its guests is saved with one of them, or done to each anew because they
/// cannot be saved, or done for one job only. What it stands for never changes. Not thread-safe.
class Snapshot : public GuestHost, public std::enable_shared_from_this<Snapshot> {
  public:
    using Tell = std::function<void(const std::string&)>;

    /// An image without layers.
    /// @param host of its guests @param saved what they go on from; nothing: the host starts each anew
    Snapshot(BuiltImage built, std::shared_ptr<GuestHost> host, std::optional<State> saved)
        : built_(std::move(built)), host_(std::move(host)), saved_(std::move(saved)) {}

    /// This one with a layer over it, which is done now unless the store has it; itself for an empty layer.
    /// @param tell told what is being done
    /// @throws NotInstallable, InfraError; std::logic_error for a layer over one that is not kept.
    std::shared_ptr<Snapshot> with(const Layer& layer, const ImageStore& store, const Tell& tell);

    const ImageDefinition& definition() const { return built_.definition; }
    /// What is known of its guests.
    const BuiltImage& built() const { return built_; }
    /// Of the image below all layers.
    const SavedOrigin& origin() const { return built_.origin; }
    /// The same for all that have the same done to the image; empty where nothing is.
    const std::string& layers() const { return layers_; }

    /// Shows a guest that nothing else was done to, before any other is opened.
    void look(const std::function<void(Guest&)>& at);

    std::unique_ptr<Guest> open() override;
    std::unique_ptr<Guest> fork(const State& state) override;

  private:
    std::shared_ptr<Snapshot> for_this_job(const Layer& layer, const Tell& tell);
    std::shared_ptr<Snapshot> kept(const Layer& layer, const ImageStore& store, const Tell& tell);
    State save(const Layer& layer, const StoreEntry& entry, const SavedOrigin& origin, const Tell& tell);
    SavedOrigin origin_of_layers() const;

    BuiltImage built_;
    std::shared_ptr<GuestHost> host_;   // that of the image, or the snapshot below
    std::optional<State> saved_;        // what guests go on from; none: from a guest of the host
    std::function<void(Guest&)> redo_;  // to each guest that is opened; none: nothing
    std::unique_ptr<Guest> first_;      // of a layer for this job, until it is asked for
    bool kept_ = true;
    std::string layers_;
};

}  // namespace clamproof
