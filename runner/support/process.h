/// Processes on the host. The only room that knows Boost.Process.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/fd.h"

namespace clamproof {

struct ProcessOptions {
    std::vector<std::string> argv;             ///< argv[0] is looked up in PATH
    std::map<std::string, std::string> env{};  ///< set in addition to this process's own environment
    std::string input{};                       ///< written to standard input, which is then closed
    double deadline = 60;                      ///< seconds; then TERM, a grace, and KILL, to the whole group
    double grace = 3;                          ///< seconds
    std::size_t capture_limit = 4u << 20;      ///< bytes kept of each stream; the rest is read and dropped
    bool end_when_full = false;  ///< ends the process instead, once standard output is that long
    /// Called with each full line of standard error as it comes, for progress.
    std::function<void(std::string_view)> on_error_line{};
    /// Asked ten times a second; true ends the process as a passed deadline does.
    std::function<bool()> cancelled{};
};

struct ProcessResult {
    int exit = -1;   ///< exit status; -1 where a signal ended it
    int signal = 0;  ///< the signal that ended it, or 0
    bool timed_out = false;
    bool cancelled = false;
    bool full = false;  ///< ended because it printed too much: what is kept is the beginning
    std::string out;
    std::string err;
    double seconds = 0;

    bool ok() const { return exit == 0 && !timed_out && !cancelled && !full; }
    /// "exited with 2", "was killed by signal 9", "took longer than its deadline"
    std::string how_it_ended() const;
};

/// Runs a program to its end. Its children share its process group and are ended with it; it is killed when
/// this process is.
/// @throws InfraError where the program cannot be started (not installed, no rights).
ProcessResult run_process(const ProcessOptions& options);

/// As run_process, but a program that fails is an InfraError that names it and quotes its last words.
/// @param doing "making the disk", for the message
ProcessResult run_checked(const std::string& doing, const ProcessOptions& options);

/// A program that runs beside this one, in its own process group, with pipes to its standard input and
/// output; its standard error is this process's own. Ends the group when it goes. To be made by a thread that
/// outlives it: the system kills the program when that one ends.
class Child {
  public:
    /// @throws InfraError where the program cannot be started.
    explicit Child(const std::vector<std::string>& argv);
    ~Child();
    Child(Child&&) noexcept;
    Child& operator=(Child&&) noexcept;

    pid_t pid() const;
    int input() const;   ///< write end; owned by this
    int output() const;  ///< read end; owned by this
    void close_input();

    /// Sends a signal to the whole group; nothing happens where it is gone.
    void kill(int signal) noexcept;
    /// @returns true once it has ended; waits for that at most `seconds`.
    bool wait(double seconds) noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Opens a descriptor that becomes readable when a process ends, as pidfd_open(2): less than 0 where the
/// system or a sandbox has no such call, and a process is then looked at every few milliseconds. Tests put
/// another one in its place.
extern int (*open_pidfd)(pid_t pid);

/// The path of a program in PATH or the system's own folders, or empty.
std::string find_program(const std::string& name);
/// The same. @throws InfraError that says how to install it where there is none.
std::string need_program(const std::string& name);

}  // namespace clamproof
