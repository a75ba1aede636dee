/// What a report says about the host.
#pragma once

#include <string>

#include "engine/results.h"
#include "guest/accelerator.h"

namespace clamproof {

/// Adds what runs vms. @param uri of libvirt; empty: the embedded driver. @throws InfraError where QEMU is
/// not there.
void tell_of_vms(HostInfo& host, const AcceleratorChoice& choice, const std::string& uri);

/// Adds what runs containers. @throws InfraError where nothing does.
void tell_of_containers(HostInfo& host);

}  // namespace clamproof
