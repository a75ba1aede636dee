/// Guests of QEMU alone: the same machine from the same files, with nobody who manages it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "guest/control_shell.h"
#include "support/files.h"
#include "support/process.h"

namespace clamproof {

/// The command line of the one QEMU whose files lie below `folder`. @throws InfraError where there is none.
std::vector<std::string> argv_of_guest(const fs::path& folder);

/// Arguments as a file keeps them: one a line.
std::vector<std::string> read_argv(const fs::path& file);
void write_argv(const fs::path& file, const std::vector<std::string>& argv);

/// What of a guest's command line is its machine, without what ties it to libvirt: monitor, secret, passed
/// descriptors. @param disk takes the place of the disk the guest wrote to
/// @param folder gets the console and the socket of the control shell
std::vector<std::string> bare_argv(const std::vector<std::string>& argv, const fs::path& disk,
                                   const fs::path& folder);

/// Writes what QEMU itself reads of a memory file of libvirt's: all behind libvirt's header.
/// @throws InfraError where the file is none of that kind.
void strip_memory(const fs::path& memory, const fs::path& stream);

/// A port of 127.0.0.1 nobody listens on.
int free_port();

struct BareOptions {
    std::vector<std::string> argv;  ///< of a guest that libvirt started
    fs::path below;                 ///< the disk
    fs::path stream{};              ///< memory to go on from; empty: a cold boot
    int ssh_port = 0;  ///< of 127.0.0.1, forwarded to the guest's ssh; 0: the guest has no network
};

/// Ends with its owner.
class BareGuest {
  public:
    /// @param folder for its files, which may be used for one guest at a time; short
    /// Returns once the control shell has answered a first script. @throws InfraError, GuestLost.
    BareGuest(const BareOptions& options, const fs::path& folder);

    ControlShell& shell() { return *shell_; }
    /// What it was started with.
    const std::vector<std::string>& argv() const { return argv_; }

  private:
    std::vector<std::string> argv_;
    std::unique_ptr<Child> qemu_;
    std::unique_ptr<ControlShell> shell_;
};

}  // namespace clamproof
