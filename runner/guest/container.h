/// Guests that are containers.
#pragma once

#include <memory>
#include <string>

#include "guest/container_engine.h"
#include "guest/guest.h"
#include "guest/run_folder.h"

namespace clamproof {

/// What containers are made of.
struct ContainerPlan {
    std::string name;   ///< for messages
    std::string image;  ///< that the engine has
    bool systemd = false;
};

/// Starts containers of one image: its own init as process 1, no network, no folder of the host that it could
/// write to. Their line to the control shell is a unix socket in a folder of their own, mounted read-only.
class ContainerHost : public GuestHost {
  public:
    /// @throws InfraError where the engine cannot run such a container.
    ContainerHost(ContainerEngine engine, const RunFolder& folder, ContainerPlan plan);

    /// A fresh container. Returns once the control shell answers: init runs, and under sysvinit has run every
    /// script of its runlevel.
    ///
    /// It differs from a vm in what cannot be had in one: its processes are not saved (`save` throws), its
    /// clock is the host's, and `reboot` is a power cut: the processes end at once, init starts anew on the
    /// files as they are.
    /// @throws InfraError, GuestLost with its last words.
    std::unique_ptr<Guest> open() override;
    /// Nothing to go on from. @throws InfraError.
    std::unique_ptr<Guest> fork(const State& state) override;

  private:
    friend class Container;
    ContainerEngine engine_;
    const RunFolder& folder_;
    ContainerPlan plan_;
    int guests_ = 0;
};

}  // namespace clamproof
