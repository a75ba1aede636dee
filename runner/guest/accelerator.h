/// Which accelerator a guest gets, and how slow guests are on this host.
#pragma once

#include <string>

#include "guest/domain_xml.h"

namespace clamproof {

struct AcceleratorChoice {
    Accelerator accelerator = Accelerator::Tcg;
    std::string why;   ///< why not KVM; empty where it is KVM, or where emulation was asked for
    double scale = 1;  ///< how much longer this host's guests take than guests of a host with KVM; at least 1
};

/// Finds out by running a guest for a moment, not by looking at /dev/kvm: some hosts have the device but no
/// right to it, some have a KVM that starts a stock kernel and never gets it to print a line. The guest is
/// `kernel` alone, which panics for want of a root disk and so ends; the time it takes is the measure for
/// every deadline. The answer is kept per host, QEMU and kernel.
///
/// @param wanted "auto", "kvm" or "tcg". @throws InfraError where KVM was demanded and does not run, or
/// nothing runs.
AcceleratorChoice choose_accelerator(const std::string& wanted, const fs::path& kernel);

}  // namespace clamproof
