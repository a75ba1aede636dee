/// Ctrl-C.
#pragma once

namespace clamproof {

/// From here on SIGINT, SIGTERM and SIGHUP are remembered instead of ending the program.
void catch_interrupts();
/// Whether one came.
bool interrupted();

}  // namespace clamproof
