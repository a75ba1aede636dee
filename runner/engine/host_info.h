/// What a report says about the host.
#pragma once

#include <string>

#include "engine/results.h"
#include "guest/accelerator.h"

namespace clamproof {

/// @param uri of libvirt; empty: the embedded driver. @throws InfraError where QEMU is not there.
HostInfo host_info(const AcceleratorChoice& choice, const std::string& uri);

}  // namespace clamproof
