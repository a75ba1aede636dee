/// Guests that are libvirt domains.
#pragma once

#include <memory>

#include "guest/domain_xml.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/run_folder.h"

namespace clamproof {

/// Starts guests of one machine.
class VmHost : public GuestHost {
  public:
    /// @param scale factor on every deadline: how much slower this host's guests are than guests with KVM
    VmHost(Hypervisor& hypervisor, const RunFolder& folder, Machine machine, double scale);

    /// A cold boot from a disk, which is not written to. Returns once the control shell answers.
    /// @param patience how many times longer than an image of this program's own it may take
    /// @throws GuestLost with the console's last words.
    std::unique_ptr<Guest> boot(const fs::path& disk, double patience = 1);

    /// A guest that goes on from a state; its clock is set to the host's. @throws InfraError, GuestLost.
    std::unique_ptr<Guest> fork(const State& state) override;

    double scale() const { return scale_; }
    const Machine& machine() const { return machine_; }

  private:
    friend class Vm;
    Hypervisor& hypervisor_;
    const RunFolder& folder_;
    Machine machine_;
    double scale_;
    int guests_ = 0;
};

/// Shuts a guest made by a VmHost down for good. @param seconds it may take, scaled as a script's deadline
/// @returns its disk, which goes with the guest. @throws InfraError where it does not go down.
fs::path power_off(Guest& guest, double seconds);

}  // namespace clamproof
