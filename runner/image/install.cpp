#include "image/install.h"

#include <fmt/format.h>

#include <algorithm>

#include "guest/guest.h"
#include "image/settle.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr double layer_deadline = 120;
constexpr const char* folder_in_guest = "/var/tmp/clamproof-packages";

// What a guest has run out of, in words; nothing where it has enough. In a container the kernel's count is
// the host's, and its own that of its control group.
constexpr const char* tell_full_disk =
    "free=$(df -Pk /var | awk 'NR == 2 { print $4 }')\n"
    "[ \"${free:-99999}\" -gt 4096 ] || echo 'disk is full'\n";
constexpr const char* tell_lack_of_memory =
    "counts=/proc/vmstat\n"
    "[ ! -d /usr/lib/clamproof/host ] ||\n"
    "    counts='/sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control'\n"
    "! cat $counts 2>/dev/null | grep -q '^oom_kill [1-9]' || echo 'memory ran out'\n";

// What went wrong is on standard error, and why, sometimes, at the end of standard output, which is long.
std::string last_words_of(const ScriptResult& result) {
    constexpr std::size_t last = 400;
    return fmt::format("{}\n{}{}",
                       result.timed_out ? "it ran out of time" : fmt::format("exit {}", result.exit),
                       terminal_text(result.err), last_words(result.out, last));
}

// @returns the package manager's words
std::string install(Guest& guest, const ImageDefinition& image, const PackageSet& packages) {
    if (packages.empty()) return "";
    const ScriptResult result = install_packages(guest, image, packages);
    if (result.exit != 0) {
        blame_the_harness(guest, result, "installing packages on " + image.name);
        const fs::path log = failed_build_folder(image.name) / "install.log";
        make_folder(log.parent_path());
        write_file(log, (result.out + result.err).raw());
        throw NotInstallable(
            fmt::format("the packages do not install on {}: {}", image.name, last_words_of(result)));
    }
    return (result.out + result.err).raw();
}

void run_script(Guest& guest, const ImageDefinition& image, const std::string& script) {
    if (script.empty()) return;
    const ScriptResult result =
        guest.run({.text = clamd_exports(image) + script, .deadline = layer_deadline});
    if (result.exit != 0)
        throw InfraError(fmt::format("{}: the script that is run before cases fails: {}", image.name,
                                     last_words_of(result)));
}

// @returns the facts
Told come_up(Guest& guest, const ImageDefinition& image) try {
    return settle(guest, image);
} catch (const UnwellGuest& error) {
    if (slowness(guest) >= too_slow) throw;
    throw NotInstallable(fmt::format("the packages install, but then {}", error.what()));
}

std::string list_of(Guest& guest, const ImageDefinition& image) {
    const ScriptResult result =
        guest.run({.text = read_file(package_manager_script(image, "list.sh")), .deadline = 30});
    if (result.exit == 0) return result.out.raw();
    throw InfraError(fmt::format("{}: listing its packages: {}", image.name, last_words_of(result)));
}

}  // namespace

void blame_the_harness(Guest& guest, const ScriptResult& failed, const std::string& doing) {
    if (failed.timed_out)
        throw InfraError(fmt::format("{} took longer than {:.0f} s", doing, failed.seconds));
    const ScriptResult short_of =
        guest.run({.text = std::string(tell_full_disk) + tell_lack_of_memory, .deadline = 20});
    if (!short_of.out.empty())
        throw InfraError(fmt::format("{} failed on a guest whose {}", doing, one_line(short_of.out)));
    if (failed.exit == exit_of_killed) throw InfraError(doing + " failed: the package manager was killed");
}

bool disk_is_full(Guest& guest) {
    return !guest.run({.text = tell_full_disk, .deadline = 20}).out.empty();
}

ScriptResult install_packages(Guest& guest, const ImageDefinition& image, const PackageSet& packages) {
    for (const auto& file : packages.files)
        put(guest, fmt::format("{}/{}", folder_in_guest, file.filename().string()), read_file(file));
    ScriptResult result =
        guest.run({.text = fmt::format("PACKAGES={}\n{}", folder_in_guest,
                                       read_file(package_manager_script(image, "install.sh"))),
                   .deadline = layer_deadline});
    guest.run({.text = fmt::format("PACKAGES={}\n{}{}", folder_in_guest, clamd_exports(image),
                                   read_file(package_manager_script(image, "../installed.sh"))),
               .deadline = layer_deadline});
    return result;
}

BuiltImage change_guest(Guest& guest, const BuiltImage& image, const Layer& layer,
                        const std::function<void(const std::string&)>& tell) {
    const ImageDefinition& definition = image.definition;
    try {
        if (!layer.packages.empty())
            tell(fmt::format("installing {}", counted(layer.packages.files.size(), "package")));
        BuiltImage changed = image;
        changed.output = install(guest, definition, layer.packages);
        run_script(guest, definition, layer.script);
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

}  // namespace clamproof
