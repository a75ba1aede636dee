/// The libvirt domain of a guest, as XML.
#pragma once

#include <string>

#include "guest/cpu.h"
#include "support/files.h"

namespace clamproof {

enum class Accelerator { Kvm, Tcg };
std::string to_string(Accelerator accelerator);

/// What starts the guest: the hypervisor itself with a kernel of the host's, or the guest's own boot loader.
enum class Boot { Kernel, Bios, Uefi };

/// What a guest is made of. Everything but the paths is part of a saved state: change it, and the state is
/// void.
struct Machine {
    std::string name;  ///< of the domain
    std::string uuid;  ///< the same for every guest forked from one state
    Accelerator accelerator = Accelerator::Tcg;
    int memory_mib = 512;
    int vcpus = 1;
    CpuLevel cpu = CpuLevel::V1;
    Boot boot = Boot::Kernel;
    fs::path kernel{};  ///< this and the next two for Boot::Kernel alone
    fs::path initrd{};
    std::string kernel_line{};
    fs::path seed{};       ///< a second disk, raw and never written to; none where empty
    bool network = false;  ///< a network card behind which the host's networks are, without any to the guest
};

/// What differs between two guests of one machine.
struct MachinePaths {
    fs::path disk;     ///< qcow2 overlay, written to
    fs::path console;  ///< the serial console is appended here
    fs::path shell;    ///< unix socket of the control shell
    fs::path tty;      ///< unix socket of the interactive terminal
};

std::string domain_xml(const Machine& machine, const MachinePaths& paths);

/// A stable UUID from any text (RFC 4122 version 8 form: made from its SHA-256).
std::string uuid_from(const std::string& text);

}  // namespace clamproof
