/// From definitions to snapshots: whatever of them is not in the store is made.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "image/kind.h"

namespace clamproof {

/// What a process's guests run on, and whom it tells of what it makes.
struct SnapshotOptions {
    std::string accelerator = "auto";  ///< auto, kvm or tcg
    std::string connect{};             ///< libvirt URI; empty: the driver inside this process
    std::function<void(const std::string& image, const BuildProgress&)> progress = [](const auto&,
                                                                                      const auto&) {};
    std::function<bool()> cancelled = [] { return false; };
    /// Told sentences about what was damaged or had to be made again, and what is done for one job only.
    /// And, by any thread, what hangs in libvirt: this process ends then.
    std::function<void(const std::string&)> say = [](const std::string&) {};
};

/// The snapshots of one process: each is made ready once. Not thread-safe.
class Snapshots {
  public:
    /// @param folder outlives this
    Snapshots(const RunFolder& folder, SnapshotOptions options);

    /// Builds what is missing, boots it once, waits until it has settled, asserts that it enforces what it
    /// should, and does the layers to it, each as far as the store has not got it.
    /// @returns a snapshot that is kept for the next who asks, unless its uppermost layer is for this job
    /// @throws InputError, NotInstallable, InfraError.
    std::shared_ptr<Snapshot> open(const ImageDefinition& image, const std::vector<Layer>& layers = {});

    /// Opens guests where a build of the image has failed (unfinished_build, image/build/cloud.h).
    /// @throws InputError where none has; InfraError.
    std::shared_ptr<GuestHost> unfinished(const ImageDefinition& image);

    Hypervisor& hypervisor() { return hypervisor_; }

  private:
    Workshop workshop(const ImageDefinition& image);
    std::shared_ptr<Snapshot> of_image(const ImageDefinition& image, const Workshop& with);

    const RunFolder& folder_;
    SnapshotOptions options_;
    ImageStore store_;
    Hypervisor hypervisor_;
    std::map<std::string, std::shared_ptr<Snapshot>> ready_;  // by image and layers
};

/// What is known of an image of which nothing is left to do before guests can be opened from it, for the
/// hypervisor inside this process; in a tenth of the time, because nothing is started.
/// @returns nothing where something is missing or damaged, which Snapshots mend
/// @param say told of a damaged image. @throws InfraError where no guest can run on this host.
std::optional<BuiltImage> find_ready(const ImageDefinition& image, const ImageStore& store,
                                     const std::string& accelerator,
                                     const std::function<void(const std::string&)>& say);

}  // namespace clamproof
