#include "jobs/host_info.h"

#include <fmt/format.h>
#include <libvirt/libvirt.h>

#include <fstream>
#include <thread>

#include "guest/accelerator.h"
#include "guest/container_engine.h"
#include "support/process.h"

namespace clamproof {
namespace {

std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

void tell_of_processor(HostInfo& host) {
    host.cpu = processor();
    host.cores = static_cast<int>(std::thread::hardware_concurrency());
}

// @param uri of libvirt; empty: the embedded driver
void tell_of_vms(HostInfo& host, const AcceleratorChoice& choice, const std::string& uri) {
    const std::string qemu =
        run_checked("asking QEMU for its version", {.argv = {"qemu-system-x86_64", "--version"}}).out;
    unsigned long v = 0;
    virGetVersion(&v, nullptr, nullptr);
    host.accelerator = to_string(choice.accelerator);
    host.why = choice.why;
    host.scale = choice.scale;
    host.qemu = qemu.substr(0, qemu.find('\n'));
    host.libvirt = fmt::format("{}.{}.{}", v / 1000000, v / 1000 % 1000, v % 1000);
    host.uri = uri.empty() ? "qemu:///embed" : uri;
    tell_of_processor(host);
}

void tell_of_containers(HostInfo& host) {
    host.containers = installed_engine().name();
    tell_of_processor(host);
}

}  // namespace

void tell_of_guests(HostInfo& host, const BuiltImage& image, const Settings& settings) {
    if (image.definition.is_container()) {
        if (host.containers.empty()) tell_of_containers(host);
    } else if (host.accelerator.empty() || host.accelerator == "none") {
        tell_of_vms(host, choose_accelerator(settings.accelerator, image.entry.kernel()), settings.connect);
    }
}

}  // namespace clamproof
