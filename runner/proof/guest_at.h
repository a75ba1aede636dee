/// A guest for a person to look around in.
#pragma once

#include <memory>
#include <string>

#include "guest/guest.h"
#include "proof/cell.h"

namespace clamproof {

/// A guest in the state an arm of the cell works in, for a person to look around: the scripts are run,
/// nothing is claimed.
/// @param at pristine, healthy, failing, control or a fix's id. @throws InputError for any other word,
/// InfraError.
std::unique_ptr<Guest> guest_at(const Cell& cell, GuestHost& guests, const std::string& at);

}  // namespace clamproof
