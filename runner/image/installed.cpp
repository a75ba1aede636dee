#include "image/installed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "guest/slowness.h"
#include "image/confinement.h"
#include "image/settle.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::uint64_t largest_mib = 256;
constexpr double layer_deadline = 120;
constexpr const char* folder_in_guest = "/var/tmp/clamproof-packages";

fs::path package_script(const ImageDefinition& image, const char* name) {
    return image.folder / "package-managers" / image.package_manager / name;
}

// Run after any package manager's installation.
fs::path installed_script(const ImageDefinition& image) {
    return image.folder / "package-managers" / "installed.sh";
}

StoreEntry layer_of(const BuiltImage& image, const Stage& stage) {
    return {.name = image.entry.name, .digest = image.entry.digest, .folder = layer_folder(image, stage)};
}

// What a guest has run out of, in words; nothing where it has enough. In a container the kernel's count is
// the host's.
constexpr const char* tell_shortage =
    "free=$(df -Pk /var | awk 'NR == 2 { print $4 }')\n"
    "[ \"${free:-99999}\" -gt 4096 ] || echo 'disk is full'\n"
    "[ -e /run/.containerenv ] || [ -e /.dockerenv ] || ! grep -q '^oom_kill [1-9]' /proc/vmstat || echo "
    "'memory ran out'\n";

// What went wrong is on standard error, and why, sometimes, at the end of standard output, which is long.
std::string words_of(const ScriptResult& result) {
    constexpr std::size_t last = 400;
    const auto& out = result.out;
    return fmt::format("{}\n{}{}",
                       result.timed_out ? "it ran out of time" : fmt::format("exit {}", result.exit),
                       result.err, out.substr(out.size() - std::min(out.size(), last)));
}

// @returns the package manager's words
std::string install(Guest& guest, const ImageDefinition& image, const PackageSet& packages) {
    if (packages.empty()) return "";
    const ScriptResult result = install_packages(guest, image, packages);
    if (result.exit != 0) {
        blame_the_harness(guest, result, "installing packages on " + image.name);
        const fs::path log = failed_build_folder(image.name) / "install.log";
        make_folder(log.parent_path());
        write_file(log, result.out + result.err);
        throw NotInstallable(
            fmt::format("the packages do not install on {}: {}", image.name, words_of(result)));
    }
    return result.out + result.err;
}

void run_script(Guest& guest, const ImageDefinition& image, const std::string& script) {
    if (script.empty()) return;
    const ScriptResult result =
        guest.run({.text = clamd_exports(image) + script, .deadline = layer_deadline});
    if (result.exit != 0)
        throw InfraError(
            fmt::format("{}: the script that is run before cases fails: {}", image.name, words_of(result)));
}

Told come_up(Guest& guest, const ImageDefinition& image) try {
    return settle(guest, image);
} catch (const UnwellGuest& error) {
    if (slowness(guest) >= too_slow) throw;
    throw NotInstallable(fmt::format("the packages install, but then {}", error.what()));
}

std::string list_of(Guest& guest, const ImageDefinition& image) {
    const ScriptResult result =
        guest.run({.text = read_file(package_script(image, "list.sh")), .deadline = 30});
    if (result.exit == 0) return result.out;
    throw InfraError(fmt::format("{}: listing its packages: {}", image.name, words_of(result)));
}

// The warm disk below, which is never changed.
WarmOrigin origin_of(const PreparedImage& image) {
    WarmOrigin origin = image.origin();
    const fs::path below = image.built().top() / "warm" / origin.key();
    origin.disk = SealedFolder::digests(below).at("disk.qcow2");
    return origin;
}

void keep_knowledge(const BuiltImage& changed, const StoreEntry& layer) {
    make_folder(layer.folder);
    write_file(layer.folder / "facts", pair_lines(changed.facts));
    write_file(layer.folder / "words", changed.words);
    write_file(layer.folder / "packages", pair_lines(changed.packages));
}

// For a guest that cannot be saved with it. What is known of the first is kept.
void install_at_each_start(PreparedImage& image, const Stage& stage, const StoreEntry& layer,
                           const std::function<void(const std::string&)>& tell) {
    if (!find_installed(image.built(), stage))
        keep_knowledge(change_guest(*image.fork(image.pristine()), image.built(), stage, tell), layer);
    image.at_each_start([stage, below = image.built()](Guest& guest) {
        change_guest(guest, below, stage, [](const std::string&) {});
    });
}

State install_anew(PreparedImage& image, const Stage& stage, const StoreEntry& layer,
                   const std::function<void(const std::string&)>& tell) {
    auto guest = image.fork(image.pristine());
    const BuiltImage changed = change_guest(*guest, image.built(), stage, tell);
    tell("saving its memory");
    const State saved = guest->save();
    guest.reset();
    keep_knowledge(changed, layer);
    const WarmOrigin origin = origin_of(image);
    return keep_warm(saved, layer, origin, fmt::format("../../../../warm/{}/disk.qcow2", origin.key()));
}

}  // namespace

void blame_the_harness(Guest& guest, const ScriptResult& failed, const std::string& doing) {
    if (failed.timed_out)
        throw InfraError(fmt::format("{} took longer than {:.0f} s", doing, failed.seconds));
    const ScriptResult short_of = guest.run({.text = tell_shortage, .deadline = 20});
    if (!short_of.out.empty())
        throw InfraError(fmt::format("{} failed on a guest whose {}", doing, without_line_end(short_of.out)));
}

PackageSet read_packages(const std::vector<std::string>& files) {
    PackageSet packages;
    for (const auto& name : files) {
        const fs::path file = name;
        std::error_code error;
        if (fs::is_directory(file, error))
            throw InputError(fmt::format("{} is a folder; name the package files in it", name));
        if (!fs::is_regular_file(file, error))
            throw InputError(fmt::format("there is no package file {}", name));
        const auto bytes = fs::file_size(file);
        if (bytes == 0) throw InputError(fmt::format("the package file {} is empty", name));
        if (bytes >> 20 >= largest_mib)
            throw InputError(fmt::format("the package file {} has more than {} MiB", name, largest_mib));
        if (!packages.digests.emplace(file.filename().string(), sha256_file(file)).second)
            throw InputError(fmt::format("two package files are named {}", file.filename().string()));
        packages.files.push_back(file);
    }
    return packages;
}

ScriptResult install_packages(Guest& guest, const ImageDefinition& image, const PackageSet& packages) {
    for (const auto& file : packages.files)
        put(guest, fmt::format("{}/{}", folder_in_guest, file.filename().string()), read_file(file));
    ScriptResult result = guest.run({.text = fmt::format("PACKAGES={}\n{}", folder_in_guest,
                                                         read_file(package_script(image, "install.sh"))),
                                     .deadline = layer_deadline});
    guest.run({.text = fmt::format("PACKAGES={}\n{}{}", folder_in_guest, clamd_exports(image),
                                   read_file(installed_script(image))),
               .deadline = layer_deadline});
    return result;
}

BuiltImage change_guest(Guest& guest, const BuiltImage& image, const Stage& stage,
                        const std::function<void(const std::string&)>& tell) {
    const ImageDefinition& definition = image.definition;
    try {
        if (!stage.packages.empty())
            tell(fmt::format("installing {}", counted(stage.packages.files.size(), "package")));
        BuiltImage changed = image;
        changed.words = install(guest, definition, stage.packages);
        run_script(guest, definition, stage.script);
        tell("settling");
        // Caches are warm already, and what warmed them need not work with other packages.
        guest.run({.text = "rm -rf /usr/lib/clamproof/warm"});
        changed.facts = facts_by_name(definition, come_up(guest, definition));
        changed.packages = parse_pairs(list_of(guest, definition));
        return changed;
    } catch (const std::exception&) {
        guest.diagnose(failed_build_folder(definition.name));
        throw;
    }
}

void install_over(PreparedImage& image, const Stage& stage, const ImageStore& store,
                  const std::function<void(const BuildProgress&)>& progress) {
    if (stage.empty()) return;
    const Stopwatch watch;
    const auto tell = [&](const std::string& step) {
        progress({.step = step, .fraction = {}, .seconds = watch.seconds()});
    };
    const StoreEntry layer = layer_of(image.built(), stage);
    const FileLock lock(store.lock_file(layer.name));
    State state = image.pristine();
    if (image.definition().is_container()) {
        install_at_each_start(image, stage, layer, tell);
    } else {
        const auto kept = check_warm(layer, origin_of(image)).state;
        state = kept ? *kept : install_anew(image, stage, layer, tell);
    }
    fs::last_write_time(layer.folder, fs::file_time_type::clock::now());  // see forgotten_layers
    image.go_on_from(*find_installed(image.built(), stage), state);
}

std::optional<BuiltImage> find_installed(const BuiltImage& image, const Stage& stage) {
    if (stage.empty()) return image;
    const fs::path layer = layer_folder(image, stage);
    std::error_code ignored;
    if (!fs::exists(layer / "packages", ignored)) return std::nullopt;
    BuiltImage with = image;
    with.facts = parse_pairs(read_file(layer / "facts"));
    with.packages = parse_pairs(read_file(layer / "packages"));
    if (fs::exists(layer / "words", ignored)) with.words = read_file(layer / "words");
    with.layer = layer;
    return with;
}

// By what the files hold, how they are installed and what is asked afterwards, whatever the folder they come
// from.
std::string stage_key(const ImageDefinition& image, const Stage& stage) {
    std::string all;
    for (const auto& [name, digest] : stage.packages.digests) all += digest + " " + name + "\n";
    for (const fs::path& script :
         {package_script(image, "install.sh"), package_script(image, "list.sh"), installed_script(image)})
        all += sha256_file(script) + "\n";
    if (!stage.script.empty()) all += sha256(stage.script) + "\n";
    for (const Fact& fact : image.asked) all += fmt::format("{} {}\n", fact.question(), fact.name);
    return sha256(all).substr(0, 16);
}

fs::path layer_folder(const BuiltImage& image, const Stage& stage) {
    return image.top() / "with" / stage_key(image.definition, stage);
}

std::vector<fs::path> forgotten_layers(const StoreEntry& entry) {
    std::vector<fs::path> layers;
    std::error_code ignored;
    const auto a_week_ago = fs::file_time_type::clock::now() - std::chrono::days(7);
    for (const auto& layer : fs::directory_iterator(entry.folder / "with", ignored)) {
        if (layer.last_write_time() < a_week_ago) {
            layers.push_back(layer);
            continue;
        }
        const auto over_it =
            forgotten_layers({.name = entry.name, .digest = entry.digest, .folder = layer.path()});
        layers.insert(layers.end(), over_it.begin(), over_it.end());
    }
    return layers;
}

}  // namespace clamproof
