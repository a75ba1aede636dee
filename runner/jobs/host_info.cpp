#include "jobs/host_info.h"

#include <fstream>
#include <thread>

#include "guest/machine_key.h"
#include "image/kind.h"

namespace clamproof {
namespace {

std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

// @param uri of libvirt; empty: the embedded driver
void add_hypervisor(HostInfo& host, const AcceleratorChoice& choice, const std::string& uri) {
    const std::string& qemu = qemu_version();
    host.accelerator = to_string(choice.accelerator);
    host.why = choice.why;
    host.scale = choice.scale;
    host.qemu = qemu.substr(0, qemu.find('\n'));
    host.libvirt = libvirt_version();
    host.uri = uri.empty() ? "qemu:///embed" : uri;
}

}  // namespace

HostInfo host_of(const BuiltImage& image, const Settings& settings) {
    HostInfo host;
    const RunsOn on = kind_of(image.definition).runs_on(image, settings.accelerator);
    if (on.accelerator) add_hypervisor(host, *on.accelerator, settings.connect);
    host.containers = on.containers;
    host.cpu = processor();
    host.cores = static_cast<int>(std::thread::hardware_concurrency());
    return host;
}

}  // namespace clamproof
