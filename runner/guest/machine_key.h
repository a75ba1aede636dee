/// What a saved guest depends on besides its disk: only where all of it is the same can it be restored.
#pragma once

#include <string>
#include <vector>

#include "guest/domain_xml.h"
#include "guest/hypervisor.h"

namespace clamproof {

/// What guests run on.
struct HypervisorVersions {
    std::string hypervisor;  ///< "QEMU 7.2.22"
    std::string libvirt;     ///< "9.0.0"
};

HypervisorVersions versions_of(const Hypervisor& hypervisor);

/// All that the installed QEMU says of its version, asked once a process. @throws InfraError where it is not
/// installed.
const std::string& qemu_version();

/// As versions_of the driver inside this process, which takes a second to start: QEMU itself is asked.
/// @throws InfraError where QEMU is not installed.
HypervisorVersions installed_versions();

/// Older ones lack what guests are run and saved with. @throws InfraError naming what is too old, and what it
/// takes.
void require_supported(const HypervisorVersions& versions);

/// One thing that a saved guest depends on, for people to read.
struct MachinePart {
    std::string name;  ///< accelerator, QEMU, libvirt, processor or machine
    std::string value;
    bool operator==(const MachinePart&) const = default;
};

/// Always the same names, in the same order.
std::vector<MachinePart> machine_parts(const HypervisorVersions& versions, const Machine& machine);

/// Hexadecimal, 16 digits, over all parts.
std::string machine_key(const std::vector<MachinePart>& parts);

}  // namespace clamproof
