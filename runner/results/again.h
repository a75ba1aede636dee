/// The commands by which a person sees for themselves.
#pragma once

#include <string>
#include <vector>

#include "results/results.h"

namespace clamproof {

/// A result that names its cell and the command that runs it again, and knows nothing of it yet.
CellResult blank_result(const CellId& cell, const std::vector<std::string>& install);

/// Runs the cell again.
std::string again_command(const CellResult& cell);

/// Opens a shell in the state that an arm works in. Packages that do not install are left out of it.
/// @param at pristine, healthy, failing, control, or a fix as "fix:ID" or "ID"
std::string look_command(const CellResult& cell, const std::string& at);

}  // namespace clamproof
