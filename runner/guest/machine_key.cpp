#include "guest/machine_key.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

// With KVM the state holds this processor's own features; an emulated one is the same on every host.
std::string processor(Accelerator accelerator) {
    if (accelerator != Accelerator::Kvm) return "emulated";
    std::string model, flags;
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line) && !line.empty();) {
        if (line.starts_with("model name")) model = line.substr(std::min(line.size(), line.find(':') + 2));
        if (line.starts_with("flags")) flags = line;
    }
    return fmt::format("{} with features {}", model, sha256(flags).substr(0, 8));
}

// "QEMU 7.2.22" or "9.0.0"; what is not told counts as 0.
std::pair<int, int> number_in(const std::string& version) {
    static const re2::RE2 number(R"((\d+)\.(\d+))");
    int first = 0, second = 0;
    re2::RE2::PartialMatch(version, number, &first, &second);
    return {first, second};
}

void require(const std::string& what, const std::string& version, std::pair<int, int> oldest) {
    if (number_in(version) >= oldest) return;
    throw InfraError(
        fmt::format("{} is too old for vms: they need {} {}.{} or later, as in Debian 12 and Ubuntu 24.04; "
                    "images that are "
                    "containers can be run all the same",
                    version, what, oldest.first, oldest.second));
}

}  // namespace

void require_supported(const HypervisorVersions& versions) {
    require("QEMU", versions.hypervisor, {7, 2});
    require("libvirt", "libvirt " + versions.libvirt, {9, 0});
}

HypervisorVersions versions_of(const Hypervisor& hypervisor) {
    std::string version = hypervisor.version();  // opens the connection, before any other call to libvirt
    return {.hypervisor = std::move(version), .libvirt = libvirt_version()};
}

const std::string& qemu_version() {
    static const std::string said =
        run_checked("asking QEMU for its version", {.argv = {"qemu-system-x86_64", "--version"}}).out;
    return said;
}

HypervisorVersions installed_versions() {
    static const re2::RE2 number(R"(version (\d+\.\d+\.\d+))");
    std::string version;
    if (!re2::RE2::PartialMatch(qemu_version(), number, &version))
        throw InfraError("QEMU does not tell its version: " + qemu_version().substr(0, 200));
    return {.hypervisor = "QEMU " + version, .libvirt = libvirt_version()};
}

std::vector<MachinePart> machine_parts(const HypervisorVersions& versions, const Machine& machine) {
    Machine neutral = machine;
    neutral.kernel = neutral.initrd = "";
    return {{.name = "accelerator", .value = to_string(machine.accelerator)},
            {.name = "QEMU", .value = versions.hypervisor.substr(versions.hypervisor.rfind(' ') + 1)},
            {.name = "libvirt", .value = versions.libvirt},
            {.name = "processor", .value = processor(machine.accelerator)},
            {.name = "machine", .value = sha256(domain_xml(neutral, {})).substr(0, 16)}};
}

std::string machine_key(const std::vector<MachinePart>& parts) {
    std::string all;
    for (const auto& part : parts) all += part.name + "=" + part.value + "\n";
    return sha256(all).substr(0, 16);
}

}  // namespace clamproof
