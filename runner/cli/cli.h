/// The command line.
#pragma once

namespace clamproof {

/// Runs the program. @returns its exit code: 0 as expected, 1 some verdict differs, 2 bad usage or bad file,
/// 3 infra-error, 130 interrupted.
int run_program(int argc, char** argv);

}  // namespace clamproof
