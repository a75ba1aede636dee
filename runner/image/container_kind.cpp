#include "image/container_kind.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <set>

#include "guest/container.h"
#include "guest/container_engine.h"
#include "image/kind.h"
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

// A fresh container that has settled.
class SettledContainers : public GuestHost {
  public:
    SettledContainers(ContainerHost host, ImageDefinition image)
        : host_(std::move(host)), image_(std::move(image)) {}

    std::unique_ptr<Guest> open() override {
        auto guest = host_.open();
        await_settled(*guest, image_);
        return guest;
    }
    std::unique_ptr<Guest> fork(const State& state) override { return host_.fork(state); }

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

// Nothing of a running container can be saved: each is started from the tree.
class ContainerKind : public GuestKind {
    void read(ObjectReader& definition, ImageDefinition&) const override {
        if (const Json* cloud = definition.at("source").find("cloud"))
            throw cloud->error("a container is made of a suite, not of a disk");
        for (const char* key : {"labels", "kernel", "vcpus", "cpu", "disk_mib"})
            if (definition.find(key))
                throw definition.error(
                    key, fmt::format("\"{}\" is for a vm; a container has what its host has", key));
        if (definition.at("lsm").as_string() != "none")
            throw definition.error("lsm",
                                   "security modules are the host's; a container's \"lsm\" is \"none\"");
    }

    void check_host() const override { installed_engine(); }

    std::string would_run_on(const ImageDefinition&, const std::string&, const fs::path&) const override {
        return "in " + installed_engine().name();
    }

    std::vector<std::string> pack(const BuildTree& tree) const override {
        tree.say("packing the tree");
        pack_tree(tree.root, tree.work / "rootfs.tar", tree.date, tree.run);
        return {"rootfs.tar"};
    }

    std::shared_ptr<Snapshot> make_ready(BuiltImage built, const Workshop& with) const override {
        const Stopwatch watch;
        const auto tell = [&](const std::string& step) {
            with.options.progress({.step = step, .fraction = {}, .seconds = watch.seconds()});
        };
        const ImageDefinition& definition = built.definition;
        const FileLock making = with.store.making(definition.name);
        const ContainerEngine installed = installed_engine();
        const std::string image = engine_image(built.entry);
        if (!installed.has_image(image)) {
            tell("giving the tree to the container engine");
            give(installed, built.entry);
        }
        ContainerHost containers(
            working_engine(installed, image), with.folder,
            {.name = definition.name, .image = image, .systemd = definition.init == "systemd"});
        if (built.facts.empty()) {
            tell("starting");
            keep_told(built.entry.folder, settle_first(*containers.open(), definition, "starting", with.say));
            built.facts = facts_of(definition, built.entry.folder);
        }
        auto host = std::make_shared<SettledContainers>(std::move(containers), definition);
        return std::make_shared<Snapshot>(std::move(built), std::move(host), std::nullopt);
    }

    Readiness readiness(const BuiltImage& built, const std::string&) const override {
        if (built.facts.empty()) return {};
        const ContainerEngine engine = installed_engine();
        if (!engine.has_image(engine_image(built.entry))) return {};
        utsname host{};
        ::uname(&host);
        return {
            .origin = SavedOrigin{
                .machine = {{.name = "containers", .value = engine.name()},
                            {.name = "kernel", .value = fmt::format("{} {}", host.release, host.version)}},
                .disk = SealedFolder::digests(built.entry.folder).at(built.entry.rootfs().filename())}};
    }

    bool can_be_exported() const override { return false; }
    bool is_light() const override { return true; }

    RunsOn runs_on(const BuiltImage&, const std::string&) const override {
        return {.containers = installed_engine().name()};
    }
};

}  // namespace

const GuestKind& container_kind() {
    static const ContainerKind kind;
    return kind;
}

std::string engine_image(const StoreEntry& entry) {
    return fmt::format("localhost/clamproof/{}:{}", entry.name,
                       SealedFolder::digests(entry.folder).at("rootfs.tar").substr(0, 16));
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
