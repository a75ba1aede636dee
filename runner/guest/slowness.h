/// Is a guest slow just now? Decides whether a wait that ran out says anything of what was waited for.
#pragma once

#include "guest/guest.h"

namespace clamproof {

/// From this on a wait that ran out proves nothing.
inline constexpr double too_slow = 4;

/// How many times longer than it should a fixed piece of work takes in the guest right now; 1 where it is as
/// fast as guests of its kind are. Takes about 0.1 s in a container, a second in an emulated guest.
/// @throws GuestLost.
double slowness(Guest& guest);

}  // namespace clamproof
