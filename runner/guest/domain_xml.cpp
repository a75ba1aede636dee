#include "guest/domain_xml.h"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

namespace clamproof {
namespace {

pugi::xml_node add(pugi::xml_node parent, const char* name,
                   std::initializer_list<std::pair<const char*, std::string>> attributes,
                   const std::string& text = "") {
    pugi::xml_node node = parent.append_child(name);
    for (const auto& [key, value] : attributes) node.append_attribute(key).set_value(value.c_str());
    if (!text.empty()) node.text().set(text.c_str());
    return node;
}

void add_cpu(pugi::xml_node domain, const Machine& machine) {
    if (machine.accelerator == Accelerator::Kvm) {
        add(domain, "cpu", {{"mode", "host-passthrough"}, {"migratable", "on"}});
        return;
    }
    // An old model: each newer instruction set costs an emulated guest work at boot (feature probing,
    // alternatives).
    pugi::xml_node cpu = add(domain, "cpu", {{"mode", "custom"}, {"match", "exact"}, {"check", "none"}});
    add(cpu, "model", {{"fallback", "forbid"}}, "Nehalem");
    if (machine.cpu <= CpuLevel::V2) return;  // which it is
    for (const auto& feature : cpu_features(machine.cpu))
        add(cpu, "feature", {{"policy", "require"}, {"name", feature}});
    // No part of any level. But with it QEMU (seen with 7.2.22) tells the guest what it needs to know to keep
    // AVX's registers; else Linux puts xsave away ("no CPUID level 0xd"), and with it the level.
    if (machine.cpu >= CpuLevel::V3) add(cpu, "feature", {{"policy", "require"}, {"name", "xsaveopt"}});
}

// Of each guest it starts libvirt (seen with 9.0) asks what its CPU can do, by four hundred questions to
// QEMU: a quarter of a second of every fork. Where it takes QEMU for an old one it asks two. Nobody here
// reads the answer.
void drop_capability_queries(pugi::xml_node domain) {
    domain.append_attribute("xmlns:qemu").set_value("http://libvirt.org/schemas/domain/qemu/1.0");
    add(add(domain, "qemu:capabilities", {}), "qemu:del", {{"capability", "cpu-unavailable-features"}});
}

void add_boot(pugi::xml_node domain, const Machine& machine) {
    pugi::xml_node os = add(domain, "os", {});
    // libvirt looks for firmware that this host has, and makes each guest a store of variables of its own.
    if (machine.boot == Boot::Uefi) os.append_attribute("firmware").set_value("efi");
    add(os, "type", {{"arch", "x86_64"}, {"machine", "pc"}}, "hvm");
    if (machine.boot == Boot::Bios)
        add(os, "bios", {{"useserial", "yes"}});  // what it says is on the console, too
    if (machine.boot != Boot::Kernel) return;
    add(os, "kernel", {}, machine.kernel.string());
    add(os, "initrd", {}, machine.initrd.string());
    add(os, "cmdline", {}, machine.kernel_line);
}

void add_seed(pugi::xml_node devices, const fs::path& seed) {
    pugi::xml_node disk = add(devices, "disk", {{"type", "file"}, {"device", "disk"}});
    add(disk, "driver", {{"name", "qemu"}, {"type", "raw"}});
    add(disk, "source", {{"file", seed.string()}});
    add(disk, "target", {{"dev", "vdb"}, {"bus", "virtio"}});
    add(disk, "readonly", {});
}

void add_network(pugi::xml_node devices) {
    pugi::xml_node card = add(devices, "interface", {{"type", "user"}});
    add(card, "model", {{"type", "virtio"}});
}

void add_channel(pugi::xml_node devices, const fs::path& socket, const std::string& target) {
    pugi::xml_node channel = add(devices, "channel", {{"type", "unix"}});
    add(channel, "source", {{"mode", "bind"}, {"path", socket.string()}});
    add(channel, "target", {{"type", "virtio"}, {"name", target}});
}

}  // namespace

std::string to_string(Accelerator accelerator) {
    return accelerator == Accelerator::Kvm ? "kvm" : "tcg";
}

std::string domain_xml(const Machine& machine, const MachinePaths& paths) {
    pugi::xml_document document;
    const bool kvm = machine.accelerator == Accelerator::Kvm;
    pugi::xml_node domain = add(document, "domain", {{"type", kvm ? "kvm" : "qemu"}});
    add(domain, "name", {}, machine.name);
    add(domain, "uuid", {}, machine.uuid);
    add(domain, "memory", {{"unit", "MiB"}}, std::to_string(machine.memory_mib));
    add(domain, "vcpu", {}, std::to_string(machine.vcpus));
    add_boot(domain, machine);
    pugi::xml_node features = add(domain, "features", {});
    add(features, "acpi", {});
    add(features, "apic", {});
    add_cpu(domain, machine);
    pugi::xml_node clock = add(domain, "clock", {{"offset", "utc"}});
    add(clock, "timer", {{"name", "hpet"}, {"present", "no"}});
    add(domain, "on_poweroff", {}, "destroy");
    add(domain, "on_reboot", {}, "restart");
    add(domain, "on_crash", {}, "destroy");

    pugi::xml_node devices = add(domain, "devices", {});
    pugi::xml_node disk = add(devices, "disk", {{"type", "file"}, {"device", "disk"}});
    // "unsafe": the disk is thrown away with the guest; flushing it to the platter would protect nothing.
    add(disk, "driver", {{"name", "qemu"}, {"type", "qcow2"}, {"cache", "unsafe"}, {"discard", "unmap"}});
    add(disk, "source", {{"file", paths.disk.string()}});
    add(disk, "target", {{"dev", "vda"}, {"bus", "virtio"}});
    if (!machine.seed.empty()) add_seed(devices, machine.seed);
    if (machine.network) add_network(devices);
    add(devices, "controller", {{"type", "usb"}, {"model", "none"}});
    pugi::xml_node serial = add(devices, "serial", {{"type", "file"}});
    add(serial, "source", {{"path", paths.console.string()}, {"append", "on"}});
    add(serial, "target", {{"port", "0"}});
    add_channel(devices, paths.shell, "org.clamproof.shell.0");
    add_channel(devices, paths.tty, "org.clamproof.tty.0");
    add(devices, "memballoon", {{"model", "none"}});
    pugi::xml_node rng = add(devices, "rng", {{"model", "virtio"}});
    add(rng, "backend", {{"model", "random"}}, "/dev/urandom");
    drop_capability_queries(domain);

    std::ostringstream text;
    document.save(text, "  ", pugi::format_indent | pugi::format_no_declaration);
    return text.str();
}

std::string uuid_from(const std::string& text) {
    std::string hex = sha256(text).substr(0, 32);
    hex[12] = '8';
    hex[16] = '8';
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20, 12));
}

}  // namespace clamproof
