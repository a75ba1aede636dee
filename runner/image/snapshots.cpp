#include "image/snapshots.h"

#include <fmt/format.h>

#include <utility>

#include "image/build/cloud.h"
#include "support/clock.h"

namespace clamproof {
namespace {

StoreEntry build(const ImageDefinition& image, const Workshop& with) {
    if (!image.cloud) return build_image(image, with.store, with.options);
    return build_into(image, with.store, [&](const fs::path& work) { build_cloud_image(image, work, with); });
}

}  // namespace

Snapshots::Snapshots(const RunFolder& folder, SnapshotOptions options)
    : folder_(folder),
      options_(std::move(options)),
      store_(cache_folder() / "images", {.cancelled = options_.cancelled, .say = options_.say}),
      hypervisor_(
          options_.connect.empty() ? embedded_uri(folder.sockets()) : options_.connect,
          {.on_hang = [this](const std::string& words) { end_hung_process(words, folder_, options_.say); }}) {
}

std::shared_ptr<Snapshot> Snapshots::of_image(const ImageDefinition& image, const Workshop& with) {
    auto built = find_built(image, store_, with.say);
    kind_of(image).check_host();
    if (!built) built = known_of(image, build(image, with));
    return kind_of(image).make_ready(std::move(*built), with);
}

Workshop Snapshots::workshop(const ImageDefinition& image) {
    const auto progress = [this, name = image.name](const BuildProgress& step) {
        options_.progress(name, step);
    };
    return {.store = store_,
            .hypervisor = hypervisor_,
            .folder = folder_,
            .accelerator = options_.accelerator,
            .options = {.progress = progress, .cancelled = options_.cancelled},
            .say = options_.say};
}

std::shared_ptr<GuestHost> Snapshots::unfinished(const ImageDefinition& image) {
    return unfinished_build(image, workshop(image));
}

std::shared_ptr<Snapshot> Snapshots::open(const ImageDefinition& image, const std::vector<Layer>& layers) {
    const Stopwatch watch;
    const Workshop with = workshop(image);
    std::string key = image.name + image.digest;
    auto& bottom = ready_[key];
    if (!bottom) bottom = of_image(image, with);
    auto snapshot = bottom;
    for (const auto& layer : layers) {
        if (layer.keep == Keep::ForThisJob) {
            snapshot = snapshot->with(
                layer, store_,
                [say = options_.say, name = image.name](const auto& step) { say(name + ": " + step); });
            continue;
        }
        auto& above = ready_[key += " " + layer_key(image, layer)];
        if (!above)
            above = snapshot->with(layer, store_, [&](const std::string& step) {
                with.options.progress({.step = step, .fraction = {}, .seconds = watch.seconds()});
            });
        snapshot = above;
    }
    return snapshot;
}

std::optional<BuiltImage> find_ready(const ImageDefinition& image, const ImageStore& store,
                                     const std::string& accelerator,
                                     const std::function<void(const std::string&)>& say) {
    auto built = find_built(image, store, say);
    if (!built) return std::nullopt;
    const Readiness ready = kind_of(image).readiness(*built, accelerator);
    if (!ready.origin) return std::nullopt;
    built->origin = *ready.origin;
    return built;
}

}  // namespace clamproof
