/// Guests that are libvirt domains.
#pragma once

#include <memory>

#include "guest/domain_xml.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/run_folder.h"

namespace clamproof {

/// How long a boot is waited for, in seconds on a host with KVM.
struct BootPatience {
    double silence = 30;  ///< without anything new on the console
    double longest = 30;  ///< in all
};

/// The same on a host whose guests are so many times slower: longer, up to a bound that is the same
/// everywhere.
BootPatience on_slow_host(BootPatience patience, double scale);

/// Starts guests of one machine.
class VmHost : public GuestHost {
  public:
    /// @param disk that guests boot from; it is not written to
    /// @param scale factor on every deadline: how much slower this host's guests are than guests with KVM
    VmHost(Domains& domains, const RunFolder& folder, Machine machine, fs::path disk, double scale,
           BootPatience patience = {});

    /// A cold boot. Returns once the control shell answers. @throws GuestLost with the console's last words.
    std::unique_ptr<Guest> open() override;
    /// A guest that goes on from a state; its clock is set to the host's. @throws InfraError, GuestLost.
    std::unique_ptr<Guest> fork(const State& state) override;

  private:
    friend class Vm;
    Domains& domains_;
    const RunFolder& folder_;
    Machine machine_;
    fs::path disk_;
    double scale_;
    BootPatience patience_;
    int guests_ = 0;
};

}  // namespace clamproof
