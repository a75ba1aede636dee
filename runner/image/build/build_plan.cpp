#include "image/build/build_plan.h"

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
    if (source.keyring.empty()) return "which nobody has signed";
    return fmt::format("signed by a key of {}", source.keyring.filename().string());
}

void look_at_cloud(const ImageDefinition& image, const BuildHost& host, BuildPlan& plan) {
    const CloudSource& source = *image.cloud;
    if (source.dated)
        plan.steps.push_back(
            fmt::format("downloads {} ({})", source.dated->image, source.dated->digest.text()));
    plan.steps.push_back(fmt::format("{}downloads {}, as {} says, {}",
                                     source.dated ? "where that is not offered any more, " : "", source.image,
                                     source.checksum, who_vouches(source)));
    plan.steps.push_back(
        fmt::format("boots it by {} with {} MiB of memory, and installs {} packages by {} "
                    "from the network",
                    source.firmware, build_memory_mib(image),
                    image.packages.size() + source.first_packages.size(), image.package_manager));
    if (!host.has_program("qemu-img"))
        plan.missing.emplace_back("qemu-img is not installed: see ci/packages");
    if (source.keyring.empty()) return;
    if (!host.has_program("gpgv")) plan.missing.emplace_back("gpgv is not installed: see ci/packages");
    if (!fs::exists(source.keyring))
        plan.missing.push_back(
            fmt::format("there is no keyring {}: install the package it comes with, or "
                        "name another one in the image's definition",
                        source.keyring.string()));
}

void look_at_suite(const ImageDefinition& image, const BuildHost& host, BuildPlan& plan) {
    std::vector<std::string> suites = {image.suite};
    for (const auto& pocket : image.pockets) suites.push_back(image.suite + "-" + pocket);
    plan.steps.push_back(fmt::format("makes a tree of {} packages, and of what they need, from {}",
                                     image.packages.size(), fmt::join(suites, ", ")));
    if (!host.is_root) plan.missing.emplace_back("it has to be built as root: run it with sudo");
    if (!host.has_program("mmdebstrap"))
        plan.missing.emplace_back("mmdebstrap is not installed: see ci/packages");
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

BuildPlan plan_build(const ImageDefinition& image, const BuildHost& host) {
    BuildPlan plan;
    if (image.cloud) {
        look_at_cloud(image, host, plan);
    } else {
        look_at_suite(image, host, plan);
    }
    try {
        plan.steps.push_back("runs " + host.runs_on(image));
    } catch (const InfraError& error) {
        plan.missing.emplace_back(error.what());
    }
    if (host.free_mib < space_for_build_mib)
        plan.missing.push_back(
            fmt::format("{} MiB of disk are free where images are stored, and a build needs {}: free some "
                        "(clamproof gc) or set "
                        "XDG_CACHE_HOME elsewhere",
                        host.free_mib, space_for_build_mib));
    const int wanted = build_memory_mib(image);
    if (host.available_mib < wanted)
        plan.missing.push_back(
            fmt::format("{} MiB of memory are available, and a build needs {}", host.available_mib, wanted));
    return plan;
}

}  // namespace clamproof
