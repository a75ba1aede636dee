/// A running copy of an image, whatever it runs in.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/error.h"
#include "support/fd.h"
#include "support/guest_text.h"

namespace clamproof {

/// Seconds that no script is given more than, whatever its deadline and however slow the host.
inline constexpr double longest_script = 3600;

/// A shell script for a guest. It runs as root under a clean environment, in /.
struct Script {
    std::string text;
    std::string input{};  ///< its standard input
    double deadline =
        60;  ///< seconds on a host with KVM; scaled for slower ones; enforced in the guest and on the host
};

/// The exit status of a script that somebody killed by force: the kernel for want of memory, a person.
inline constexpr int exit_of_killed = 128 + SIGKILL;

struct ScriptResult {
    int exit = 0;  ///< 128+N where signal N ended it
    bool timed_out = false;
    GuestText out;  ///< at most 4 MiB, as is err
    GuestText err;
    double seconds = 0;
};

/// The guest no longer answers, or its kernel is dead. The evidence is still to be saved: see
/// Guest::diagnose.
class GuestLost : public InfraError {
  public:
    using InfraError::InfraError;
};

/// It still does not answer when the time for it is over.
class TimeRanOut : public GuestLost {
  public:
    using GuestLost::GuestLost;
};

/// A frozen guest, of a kind that can be frozen: any number of guests go on from it, also while others run.
/// Removes its files when the last copy goes, where it owns them.
struct State {
    std::filesystem::path memory;
    std::filesystem::path disk;  ///< the newest layer of the disk; never written again
    std::shared_ptr<void>
        keeps{};  ///< what has to outlive this: the folder of the files, the states below it
};

/// The interactive terminal of a guest, with a login shell on it.
struct Terminal {
    Fd line;         ///< connected stream socket: keystrokes in, screen out
    int ended = -1;  ///< becomes readable when the login shell is over; owned by the guest, which runs
                     ///< nothing else until then
};

/// One running guest. Ends with its owner. Not thread-safe.
class Guest {
  public:
    virtual ~Guest() = default;

    /// Runs a script to its end or deadline. A failing script is a result, not an error.
    /// @throws GuestLost where the guest does not answer.
    virtual ScriptResult run(const Script& script) = 0;

    /// Shuts down and boots again; returns once the control shell answers.
    /// @throws GuestLost where it does not come back.
    virtual void reboot() = 0;

    /// Freezes what the guest is now. The guest goes on.
    /// @throws InfraError where there is no space, or for this kind of guest no way; the guest still goes on.
    virtual State save() = 0;

    /// Saves what may explain a failure (console, journal, audit log) into a folder. Also from a guest that
    /// hangs.
    /// @returns the files written. Never throws: what cannot be had is left out.
    virtual std::vector<std::filesystem::path> diagnose(const std::filesystem::path& folder) noexcept = 0;

    /// How much longer this kind of guest takes on this host than one with KVM; at least 1. Deadlines are
    /// scaled by it.
    virtual double scale() const { return 1; }

    /// Starts a login shell on the guest's interactive terminal (`clamproof shell`).
    /// @param rows, columns of the person's terminal; 0 where not known. @throws InfraError where it has
    /// none.
    virtual Terminal terminal(int rows, int columns);

    /// Shuts down for good. @param seconds it may take, scaled as a script's deadline
    /// @returns its disk, which goes with the guest. @throws InfraError where it does not go down, or has
    /// none.
    virtual std::filesystem::path shut_down(double seconds);
};

/// Where guests of one image come from. Outlives them.
class GuestHost {
  public:
    virtual ~GuestHost() = default;
    /// A guest of the image as it is from the start: booted, settled, with all that is done to each.
    /// @throws InfraError, GuestLost.
    virtual std::unique_ptr<Guest> open() = 0;
    /// A guest that goes on from a state that one of these guests was saved in. @throws InfraError,
    /// GuestLost.
    virtual std::unique_ptr<Guest> fork(const State& state) = 0;
};

/// The files in a folder and below it, links aside.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

/// What is read of a guest's own files when it cannot be asked any more: what may explain a failure, whatever
/// its distribution calls it, and no file that the guest could choose. All below /var/log.
extern const std::vector<std::string> logs_in_files;
/// Writes one of them into a folder of evidence.
void keep_log(const std::filesystem::path& folder, const std::string& file, const std::string& content);

/// Writes a file in the guest, with its parents. @throws GuestLost, InfraError where the guest refuses.
void put(Guest& guest, const std::string& path, const std::string& content, int mode = 0644);
/// Reads a file of the guest. @param largest bytes
/// @throws GuestLost, InfraError where it cannot be read or has more.
std::string get(Guest& guest, const std::string& path, std::uint64_t largest);

/// From this on a wait that ran out proves nothing.
inline constexpr double too_slow = 4;

/// How many times longer than it should a fixed piece of work takes in the guest right now; 1 where it is as
/// fast as guests of its kind are. Takes about 0.1 s in a container, a second in an emulated guest.
/// @throws GuestLost.
double slowness(Guest& guest);

}  // namespace clamproof
