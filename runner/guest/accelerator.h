/// Which accelerator a guest gets, and how slow guests are on this host.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "guest/domain_xml.h"

namespace clamproof {

struct AcceleratorChoice {
    Accelerator accelerator = Accelerator::Tcg;
    std::string why;   ///< why not KVM; empty where it is KVM, or where emulation was asked for
    double scale = 1;  ///< how much longer this host's guests take than guests of a host with KVM; at least 1
};

/// One try to run a guest under an accelerator.
struct AcceleratorProbe {
    bool runs = false;
    double seconds = 0;
    std::string why{};  ///< in words, where it does not run
};

/// What the choice needs of the world.
struct AcceleratorProbes {
    std::function<AcceleratorProbe(Accelerator)> run;
    std::function<double()> now;        ///< seconds since the epoch
    fs::path file_of_kvm, file_of_tcg;  ///< where measurements of this host, QEMU and kernel are kept
};

/// What a measurement holds for: with any of it another, it is made anew.
struct MeasuredHost {
    std::string system;  ///< its name and kernel
    std::string qemu;    ///< its version
    fs::path kernel;     ///< of the guest that is run for a moment; empty where that has none
};

/// The name of the file that a measurement is kept in.
std::string measurement_name(const MeasuredHost& host, Accelerator accelerator);

/// The choice, by probes that are made only where nothing is known:
///
/// - a measurement counts for a day, and is the shorter of two, as the host may be busy during one;
/// - a failure to emulate is never kept, because a guest may have been killed by chance;
/// - a failure of KVM, met twice in a row, is kept for an hour: emulation takes its place, and some hosts
///   take ten seconds to show it;
/// - the scale is at most 20, so that no deadline becomes an hour.
///
/// @param wanted "auto", "kvm" or "tcg". @throws InfraError where KVM was demanded and does not run, or
/// nothing runs.
AcceleratorChoice choose_accelerator(const std::string& wanted, const AcceleratorProbes& probes);

/// The guest's processor is the host's own under KVM: where that lacks what a guest is made for, emulation
/// takes its place. @param missing features that this host's processor lacks, "avx2". @throws InfraError
/// where KVM was demanded.
AcceleratorChoice choose_accelerator(const std::string& wanted, CpuLevel cpu,
                                     const std::vector<std::string>& missing,
                                     const AcceleratorProbes& probes);

/// Finds out by running a guest for a moment, not by looking at /dev/kvm: some hosts have the device but no
/// right to it, some have a KVM that starts a stock kernel and never gets it to print a line. The guest is
/// `kernel` alone, which panics for want of a root disk and so ends; the time it takes is the measure for
/// every deadline. Where no kernel is at hand (empty) KVM runs a BIOS, which is no measure: an emulated guest
/// is taken for as slow as any then. @throws as above.
AcceleratorChoice choose_accelerator(const std::string& wanted, const fs::path& kernel,
                                     CpuLevel cpu = CpuLevel::V1);

}  // namespace clamproof
