/// From a definition to a warm state that guests are forked from: whatever of it is not in the store is made.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "guest/accelerator.h"
#include "guest/vm.h"
#include "image/builder.h"
#include "image/definition.h"
#include "image/settle.h"
#include "image/store.h"
#include "image/warm_state.h"

namespace clamproof {

/// What is known of an image without a guest: `list`, `image show` and reports read it.
struct BuiltImage {
    ImageDefinition definition;
    StoreEntry entry;
    std::map<std::string, std::string> packages;  ///< name → version
    std::map<std::string, std::string> facts;     ///< empty before a guest was asked all of them
    std::string kernel_line{};                    ///< that its guests boot with
    std::string words{};                          ///< the package manager's, of the newest layer
    fs::path
        layer{};  ///< of the store, with the warm state that guests are forked from; empty: the image's own

    /// The folder with that warm state.
    fs::path top() const { return layer.empty() ? entry.folder : layer; }
};

/// @returns nothing where it is not built (or was damaged: told to `say`).
std::optional<BuiltImage> find_built(const ImageDefinition& image, const ImageStore& store,
                                     const std::function<void(const std::string&)>& say);

/// The facts that are kept in a folder of the store, and the kind of guest; empty where not all that the
/// image's guests are asked was told yet.
std::map<std::string, std::string> facts_of(const ImageDefinition& image, const fs::path& folder);

/// Keeps what a guest told in a folder of the store. Answers to what other cases ask stay.
void keep_told(const fs::path& folder, const Told& told);

/// An image ready to fork guests from.
class PreparedImage : public GuestSource {
  public:
    PreparedImage(BuiltImage built, WarmOrigin origin, std::unique_ptr<GuestHost> host, State warm)
        : built_(std::move(built)),
          origin_(std::move(origin)),
          host_(std::move(host)),
          warm_(std::move(warm)) {}

    const ImageDefinition& definition() const { return built_.definition; }
    const BuiltImage& built() const { return built_; }
    /// Of the image's own warm state; empty for containers.
    const WarmOrigin& origin() const { return origin_; }

    /// Guests are forked from another state of the same machine from now on.
    /// @param built what is known of the image in that state
    void go_on_from(BuiltImage built, State state) {
        built_ = std::move(built);
        warm_ = std::move(state);
    }

    /// From now on every guest goes through this, too, before it is handed out: for guests that cannot be
    /// saved after it.
    void at_each_start(std::function<void(Guest&)> step) { at_each_start_.push_back(std::move(step)); }

    State pristine() override { return warm_; }
    std::unique_ptr<Guest> fork(const State& state) override {
        auto guest = host_->fork(state);
        for (const auto& step : at_each_start_) step(*guest);
        return guest;
    }

  private:
    BuiltImage built_;
    WarmOrigin origin_;
    std::unique_ptr<GuestHost> host_;
    State warm_;
    std::vector<std::function<void(Guest&)>> at_each_start_;
};

/// Builds what is missing, boots it once, waits until it has settled, asserts that it enforces what it
/// should, and saves it warm.
/// @param accelerator auto, kvm or tcg
/// @param say told sentences about what was damaged or had to be made again
/// @throws InputError, InfraError.
std::unique_ptr<PreparedImage> prepare_image(const ImageDefinition& image, const ImageStore& store,
                                             Hypervisor& hypervisor, const RunFolder& folder,
                                             const std::string& accelerator, const BuildOptions& options,
                                             const std::function<void(const std::string&)>& say);

/// An image of which nothing is left to do before guests can be forked from it.
struct ReadyImage {
    BuiltImage built;
    WarmOrigin origin;  ///< of the warm state for this host
};

/// As prepare_image where all of it is in the store for the hypervisor inside this process, in a tenth of the
/// time, because nothing is started.
/// @returns nothing where something is missing or damaged, which prepare_image mends.
/// @param say told of a damaged image. @throws InfraError where no guest can run on this host.
std::optional<ReadyImage> find_ready(const ImageDefinition& image, const ImageStore& store,
                                     const std::string& accelerator,
                                     const std::function<void(const std::string&)>& say);

/// Why guests cannot go on from the warm state of a complete entry on this host, as the rest of "the warm
/// state of X …"; empty where they can. @throws InfraError where no guest can run on this host.
std::string warm_trouble(const ImageDefinition& image, const StoreEntry& entry,
                         const std::string& accelerator);

}  // namespace clamproof
