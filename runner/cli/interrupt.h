/// Ctrl-C.
#pragma once

#include <functional>

namespace clamproof {

/// From here on SIGINT, SIGTERM and SIGHUP are remembered instead of ending the program.
void catch_interrupts();
/// Whether one came.
bool interrupted();

/// Catches interrupts from here on and does a command's work. What it throws once it is interrupted does not
/// count: Ctrl-C also ends the programs that it reads from.
/// @returns what the work returns, or 130.
int unless_interrupted(const std::function<int()>& work);

}  // namespace clamproof
