#include "image/container_image.h"

#include <fmt/format.h>

#include <set>

#include "guest/container.h"
#include "image/settle.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr double import_deadline = 600;

std::string mark_of_store(const fs::path& store) {
    return fmt::format("org.clamproof.store={}", store.string());
}

class SettledContainers : public GuestHost {
  public:
    SettledContainers(ContainerHost host, ImageDefinition image)
        : host_(std::move(host)), image_(std::move(image)) {}

    std::unique_ptr<Guest> fork(const State&) override {
        auto guest = host_.start();
        await_settled(*guest, image_);
        return guest;
    }

    Told settle_once() {
        auto guest = host_.start();
        try {
            return settle(*guest, image_);
        } catch (const InfraError&) {
            const fs::path evidence = failed_build_folder(image_.name);
            guest->diagnose(evidence);
            rethrow_while(fmt::format("starting {} (its logs are in {})", image_.name, evidence.string()));
        }
    }

  private:
    ContainerHost host_;
    ImageDefinition image_;
};

void give(const ContainerEngine& engine, const StoreEntry& entry) {
    engine.must("giving the tree to the container engine",
                {"import", "--change", "LABEL " + mark_of_store(entry.folder.parent_path()),
                 entry.rootfs().string(), engine_image(entry)},
                import_deadline);
}

}  // namespace

std::string engine_image(const StoreEntry& entry) {
    return fmt::format("localhost/clamproof/{}:{}", entry.name,
                       SealedFolder::digests(entry.folder).at("rootfs.tar").substr(0, 16));
}

std::unique_ptr<PreparedImage> prepare_container(BuiltImage built, const ImageStore& store,
                                                 const RunFolder& folder, const BuildOptions& options) {
    const Stopwatch watch;
    const auto tell = [&](const std::string& step) {
        options.progress({.step = step, .fraction = {}, .seconds = watch.seconds()});
    };
    const FileLock lock(store.lock_file(built.entry.name));
    const ContainerEngine installed = installed_engine();
    const std::string image = engine_image(built.entry);
    if (!installed.has_image(image)) {
        tell("giving the tree to the container engine");
        give(installed, built.entry);
    }
    auto host = std::make_unique<SettledContainers>(
        ContainerHost(
            working_engine(installed, image), folder,
            {.name = built.definition.name, .image = image, .systemd = built.definition.init == "systemd"}),
        built.definition);
    if (built.facts.empty()) {
        tell("starting");
        keep_told(built.entry.folder, host->settle_once());
        built.facts = facts_of(built.definition, built.entry.folder);
    }
    return std::make_unique<PreparedImage>(std::move(built), WarmOrigin(), std::move(host), State());
}

bool container_is_ready(const BuiltImage& built) {
    return !built.facts.empty() && installed_engine().has_image(engine_image(built.entry));
}

std::vector<std::string> forget_containers(const ImageStore& store) {
    std::set<std::string> wanted;
    for (const auto& entry : store.entries())
        if (fs::exists(entry.rootfs())) wanted.insert(engine_image(entry));
    std::vector<std::string> removed;
    try {
        const ContainerEngine engine = installed_engine();
        const std::string names =
            engine.must("looking for images", {"images", "--filter=label=" + mark_of_store(store.folder()),
                                               "--format={{.Repository}}:{{.Tag}}"});
        for (const auto& name : lines_of(names))
            if (!wanted.contains(name) && engine.ask({"rmi", name}).ok()) removed.push_back(name);
    } catch (const InfraError&) {  // no engine, nothing of ours in it
    }
    return removed;
}

}  // namespace clamproof
