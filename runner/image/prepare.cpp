#include "image/prepare.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include "image/cloud_builder.h"
#include "image/confinement.h"
#include "image/container_image.h"
#include "image/settle.h"
#include "support/clock.h"
#include "support/error.h"

namespace clamproof {
namespace {

using Say = std::function<void(const std::string&)>;

std::map<std::string, std::string> packages_of(const StoreEntry& entry) {
    std::map<std::string, std::string> packages;
    const auto lock = nlohmann::json::parse(read_file(entry.lock_file()));
    for (const auto& package : lock.at("packages"))
        packages[package.at("name").get<std::string>()] = package.at("version").get<std::string>();
    return packages;
}

Told pairs_in(const fs::path& file) {
    std::error_code ignored;
    return fs::exists(file, ignored) ? parse_pairs(read_file(file)) : Told();
}

// A cloud image boots with what its own boot loader gave it.
std::string kernel_line_of(const ImageDefinition& image, const StoreEntry& entry) {
    return nlohmann::json::parse(read_file(entry.lock_file())).value("kernel_line", image.kernel_line);
}

Machine machine_for(const BuiltImage& built, Accelerator accelerator) {
    const ImageDefinition& image = built.definition;
    return {.name = "clamproof-" + image.name,
            .uuid = uuid_from(image.name + image.digest),
            .accelerator = accelerator,
            .memory_mib = image.memory_mib,
            .vcpus = image.vcpus,
            .kernel = built.entry.kernel(),
            .initrd = built.entry.initrd(),
            .kernel_line = built.kernel_line};
}

WarmOrigin origin_here(const BuiltImage& built, const HypervisorVersions& versions, Accelerator accelerator) {
    return {.machine = machine_parts(versions, machine_for(built, accelerator)),
            .disk = SealedFolder::digests(built.entry.folder).at("disk.qcow2")};
}

// What a container's processes run on, of which nothing is saved.
WarmOrigin container_origin(const BuiltImage& built) {
    utsname host{};
    ::uname(&host);
    return {.machine = {{.name = "containers", .value = installed_engine().name()},
                        {.name = "kernel", .value = fmt::format("{} {}", host.release, host.version)}},
            .disk = SealedFolder::digests(built.entry.folder).at(built.entry.rootfs().filename())};
}

State make_warm(const BuiltImage& built, VmHost& host, const WarmOrigin& origin,
                const BuildOptions& options) {
    const Stopwatch watch;
    const auto tell = [&](const std::string& step) {
        options.progress({.step = step, .fraction = {}, .seconds = watch.seconds()});
    };
    tell("booting");
    auto guest = host.boot(built.entry.disk());
    tell("settling");
    Told told;
    try {
        told = settle(*guest, built.definition);
    } catch (const InfraError&) {
        const fs::path evidence = failed_build_folder(built.definition.name);
        guest->diagnose(evidence);
        rethrow_while(
            fmt::format("warming up {} (its logs are in {})", built.definition.name, evidence.string()));
    }
    tell("saving its memory");
    const State saved = guest->save();
    guest.reset();  // its disk lies on the one that is kept
    State state = keep_warm(saved, built.entry, origin);
    keep_told(built.entry.folder, told);
    return state;
}

}  // namespace

// They do not depend on the accelerator: those of any warm state will do.
std::map<std::string, std::string> facts_of(const ImageDefinition& image, const fs::path& folder) {
    Told told = pairs_in(folder / "facts");
    told.merge(pairs_in(folder / "answers"));
    return facts_by_name(image, told);
}

void keep_told(const fs::path& folder, const Told& told) {
    Told facts, answers = pairs_in(folder / "answers");
    for (const auto& [name, value] : told) (is_question(name) ? answers : facts)[name] = value;
    if (!answers.empty()) write_file(folder / "answers", pair_lines(answers));
    write_file(folder / "facts", pair_lines(facts));
}

std::optional<BuiltImage> find_built(const ImageDefinition& image, const ImageStore& store, const Say& say) {
    const auto entry = store.find(image, say);
    if (!entry) return std::nullopt;
    return BuiltImage{.definition = image,
                      .entry = *entry,
                      .packages = packages_of(*entry),
                      .facts = facts_of(image, entry->folder),
                      .kernel_line = kernel_line_of(image, *entry)};
}

std::unique_ptr<PreparedImage> prepare_image(const ImageDefinition& image, const ImageStore& store,
                                             Hypervisor& hypervisor, const RunFolder& folder,
                                             const std::string& accelerator, const BuildOptions& options,
                                             const Say& say) {
    auto built = find_built(image, store, say);
    if (!built) {
        if (image.cloud)
            build_into(image, store, [&](const fs::path& work) {
                build_cloud_image(image, store, work, {hypervisor, folder, accelerator}, options);
            });
        else
            build_image(image, store, options);
        built = find_built(image, store, say);
        if (!built)
            throw InfraError(fmt::format("{} vanished from the store while it was built", image.name));
    }
    if (image.is_container()) return prepare_container(std::move(*built), store, folder, options);
    const AcceleratorChoice choice = choose_accelerator(accelerator, built->entry.kernel());
    auto host =
        std::make_unique<VmHost>(hypervisor, folder, machine_for(*built, choice.accelerator), choice.scale);
    const WarmOrigin origin = origin_here(*built, versions_of(hypervisor), choice.accelerator);
    const FileLock lock(store.lock_file(image.name));
    WarmCheck warm = check_warm(built->entry, origin);
    if (!warm.trouble.empty())
        say(fmt::format("the warm state of {} {}; it boots once more", image.name, warm.trouble));
    if (!warm.state) warm.state = make_warm(*built, *host, origin, options);
    built->facts = facts_of(image, built->entry.folder);
    if (built->facts.empty()) {
        keep_told(built->entry.folder, ask_facts(*host->fork(*warm.state), image));
        built->facts = facts_of(image, built->entry.folder);
    }
    return std::make_unique<PreparedImage>(std::move(*built), origin, std::move(host), *warm.state);
}

std::optional<ReadyImage> find_ready(const ImageDefinition& image, const ImageStore& store,
                                     const std::string& accelerator, const Say& say) {
    const auto built = find_built(image, store, say);
    if (!built || built->facts.empty()) return std::nullopt;
    if (image.is_container()) {
        if (!container_is_ready(*built)) return std::nullopt;
        return ReadyImage{.built = *built, .origin = container_origin(*built)};
    }
    const AcceleratorChoice choice = choose_accelerator(accelerator, built->entry.kernel());
    const WarmOrigin origin = origin_here(*built, installed_versions(), choice.accelerator);
    if (!check_warm(built->entry, origin).state) return std::nullopt;
    return ReadyImage{.built = *built, .origin = origin};
}

std::string warm_trouble(const ImageDefinition& image, const StoreEntry& entry,
                         const std::string& accelerator) {
    const BuiltImage built{.definition = image,
                           .entry = entry,
                           .packages = {},
                           .facts = {},
                           .kernel_line = kernel_line_of(image, entry)};
    const AcceleratorChoice choice = choose_accelerator(accelerator, entry.kernel());
    return check_warm(entry, origin_here(built, installed_versions(), choice.accelerator)).trouble;
}

}  // namespace clamproof
