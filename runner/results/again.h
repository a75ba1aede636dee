/// The commands by which a person sees for themselves.
#pragma once

#include <string>
#include <vector>

#include "results/results.h"

namespace clamproof {

/// A result that names its cell and the command that runs it again, and knows nothing of it yet.
CellResult blank_result(const CellId& cell, const std::vector<std::string>& install, const Called& called);

/// A command of the program that was called, with the options that any of its commands has to have.
/// @param words what is to be done, quoted for a shell: "run --image debian-12"
std::string command_of(const Called& called, const std::string& words);

/// Runs the cell again.
std::string again_command(const CellResult& cell);

/// Writes the cell as a script and a bug report.
std::string recipe_command(const CellResult& cell);

/// Opens a shell in a guest that was kept. @param file path of the capsule
std::string kept_command(const CellResult& cell, const std::string& file);

/// Opens a shell in the state that an arm works in. Packages that do not install are left out of it.
/// @param at pristine, healthy, failing, control, or a fix as "fix:ID" or "ID"
std::string look_command(const CellResult& cell, const std::string& at);

}  // namespace clamproof
