/// The kinds of guests that images are of: a vm or a container. Whoever has an image asks its kind here, and
/// nobody asks which it is.
#pragma once

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "guest/accelerator.h"
#include "guest/hypervisor.h"
#include "guest/run_folder.h"
#include "image/build/debootstrap.h"
#include "image/build/filesystem.h"
#include "image/snapshot.h"
#include "support/json_reader.h"

namespace clamproof {

/// What a process makes guests with, and whom it tells.
struct Workshop {
    const ImageStore& store;
    Hypervisor& hypervisor;
    const RunFolder& folder;
    std::string accelerator;  ///< auto, kvm or tcg
    BuildOptions options;
    std::function<void(const std::string&)> say;  ///< told sentences about what had to be made again
};

/// What a build has installed and laid out, before it is packed.
struct BuildTree {
    const ImageDefinition& image;
    fs::path root;
    fs::path work;     ///< where what the store holds is made
    std::time_t date;  ///< of the newest package
    std::function<void(const std::string&)> say;
    RunTool run;  ///< each in a mount namespace of its own
};

/// What guests run on here.
struct RunsOn {
    std::optional<AcceleratorChoice> accelerator{};  ///< none: no machine is made for them
    std::string containers{};                        ///< the engine that runs them; empty: none does
};

struct Readiness {
    std::optional<SavedOrigin> origin{};  ///< what guests come from; none: something is left to do
    std::string trouble{};  ///< with a saved state, as the rest of "the warm state of X …"; or empty
};

class GuestKind {
  public:
    virtual ~GuestKind() = default;

    /// Reads what a definition of this kind says besides, and refuses what is not for it. @throws InputError.
    virtual void read(ObjectReader& definition, ImageDefinition& image) const = 0;
    /// To be asked before anything is built. @throws InfraError where this host has not what runs such
    /// guests.
    virtual void check_host() const = 0;
    /// What guests of an image would run on that is not built yet, in words: "KVM". @param kernel to try it
    /// with; may be empty. @throws InfraError as check_host.
    virtual std::string would_run_on(const ImageDefinition& image, const std::string& accelerator,
                                     const fs::path& kernel) const = 0;
    /// Packs a tree for the store. @returns the names of the files that it made. @throws InfraError.
    virtual std::vector<std::string> pack(const BuildTree& tree) const = 0;
    /// Does what is left to do before guests can be opened from a built image.
    /// @throws InfraError where none can be on this host.
    virtual std::shared_ptr<Snapshot> make_ready(BuiltImage built, const Workshop& with) const = 0;
    /// Whether nothing of that is left to do, without starting anything. @throws as above.
    virtual Readiness readiness(const BuiltImage& built, const std::string& accelerator) const = 0;
    /// Whether `image export` can take a ready image to another host.
    virtual bool can_be_exported() const = 0;
    /// Whether a guest starts in no time, wherever it runs.
    virtual bool is_light() const = 0;
    /// @throws InfraError where nothing runs such guests.
    virtual RunsOn runs_on(const BuiltImage& built, const std::string& accelerator) const = 0;
};

/// The words that a definition's `kind` may be.
std::vector<std::string> names_of_kinds();
const GuestKind& kind_of(const ImageDefinition& image);

// One each; for the list of kinds alone.
const GuestKind& vm_kind();
const GuestKind& container_kind();

}  // namespace clamproof
