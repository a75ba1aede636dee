/// The commands by which a person sees for themselves.
#pragma once

#include <string>

#include "engine/results.h"

namespace clamproof {

/// Runs the cell again.
std::string again_command(const CellResult& cell);

/// Opens a shell in the state that an arm works in. Packages that do not install are left out of it.
/// @param at pristine, healthy, failing, control, or a fix as "fix:ID" or "ID"
std::string look_command(const CellResult& cell, const std::string& at);

}  // namespace clamproof
