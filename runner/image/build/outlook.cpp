#include "image/build/outlook.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "image/build/cloud.h"
#include "image/build/debootstrap.h"
#include "image/kind.h"
#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

std::string who_vouches(const CloudSource& source) {
    if (source.keyring.empty()) return "of which nobody's signature is asked for";
    return fmt::format("signed by a key of {}", source.keyring.filename().string());
}

void look_at_cloud(const ImageDefinition& image, const BuildHost& host, BuildOutlook& outlook) {
    const CloudSource& source = *image.cloud;
    if (source.dated)
        outlook.steps.push_back(
            fmt::format("downloads {} ({})", source.dated->image, source.dated->digest.text()));
    outlook.steps.push_back(fmt::format("{}downloads {}, as {} says, {}",
                                        source.dated ? "where that is not offered any more, " : "",
                                        source.image, source.checksum, who_vouches(source)));
    outlook.steps.push_back(
        fmt::format("boots it by {} with {} MiB of memory, and installs {} packages by {} "
                    "from the network",
                    source.firmware, build_memory_mib(image),
                    image.packages.size() + source.first_packages.size(), image.package_manager));
    if (!host.has_program("qemu-img"))
        outlook.missing.emplace_back("qemu-img is not installed: see ci/packages");
    if (source.keyring.empty()) return;
    if (!host.has_program("gpgv")) outlook.missing.emplace_back("gpgv is not installed: see ci/packages");
    if (!fs::exists(source.keyring))
        outlook.missing.push_back(
            fmt::format("there is no keyring {}: install the package it comes with, or "
                        "name another one in the image's definition",
                        source.keyring.string()));
}

void look_at_suite(const ImageDefinition& image, const BuildHost& host, BuildOutlook& outlook) {
    std::vector<std::string> suites = {image.suite};
    for (const auto& pocket : image.pockets) suites.push_back(image.suite + "-" + pocket);
    outlook.steps.push_back(fmt::format("makes a tree of {} packages, and of what they need, from {}",
                                        image.packages.size(), fmt::join(suites, ", ")));
    if (!host.is_root) outlook.missing.emplace_back("it has to be built as root: run it with sudo");
    if (!host.has_program("mmdebstrap"))
        outlook.missing.emplace_back("mmdebstrap is not installed: see ci/packages");
}

}  // namespace

BuildHost build_host_here(const ImageStore& store, const std::string& accelerator, int available_mib) {
    return {.has_program = [](const std::string& program) { return !find_program(program).empty(); },
            .is_root = ::geteuid() == 0,
            .free_mib = free_mib(store.folder()),
            .available_mib = available_mib,
            .runs_on =
                [accelerator, kernel = store.some_kernel()](const ImageDefinition& image) {
                    return kind_of(image).would_run_on(image, accelerator, kernel);
                }};
}

BuildOutlook outlook_of(const ImageDefinition& image, const BuildHost& host) {
    BuildOutlook outlook;
    if (image.cloud) {
        look_at_cloud(image, host, outlook);
    } else {
        look_at_suite(image, host, outlook);
    }
    try {
        outlook.steps.push_back("runs " + host.runs_on(image));
    } catch (const InfraError& error) {
        outlook.missing.emplace_back(error.what());
    }
    if (host.free_mib < space_for_build_mib)
        outlook.missing.push_back(
            fmt::format("{} MiB of disk are free where images are stored, and a build needs {}: free some "
                        "(clamproof gc) or set "
                        "XDG_CACHE_HOME elsewhere",
                        host.free_mib, space_for_build_mib));
    const int wanted = build_memory_mib(image);
    if (host.available_mib < wanted)
        outlook.missing.push_back(
            fmt::format("{} MiB of memory are available, and a build needs {}", host.available_mib, wanted));
    return outlook;
}

}  // namespace clamproof
