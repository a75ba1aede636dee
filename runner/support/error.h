/// The two kinds of error, and the frames of context they gather on their way up.
#pragma once

#include <stdexcept>
#include <string>

namespace clamproof {

/// Something is wrong with what a person wrote: the command line, a case, an image definition. Exit code 2.
/// The message is a sentence: where, what was found, what was expected.
class InputError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The harness could not do its work: no guest, no space, no tool. Exit code 3, never blamed on clamd.
/// The message is a sentence: what was being done, what happened, what to do.
class InfraError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Rethrows an InfraError with "while …: " before it; used in a catch block.
/// @param doing what was being done, e.g. "restoring debian-12-selinux"
[[noreturn]] inline void rethrow_while(const std::string& doing) try {
    throw;
} catch (const InfraError& error) {
    throw InfraError("while " + doing + ": " + error.what());
}

}  // namespace clamproof
