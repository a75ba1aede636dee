/// The host's end of the control shell: a root shell in the guest behind a virtio-serial port. No network, no
/// keys; it survives save and restore. The guest's end is images/files/base/usr/lib/clamproof/control-shell,
/// which also tells the frames.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "guest/guest.h"
#include "support/clock.h"
#include "support/fd.h"

namespace clamproof {

/// Speaks over one connected socket. What the guest sends is bounded: 4 MiB a stream, 1 MiB of noise between
/// frames.
class ControlShell {
  public:
    /// @param socket connected stream socket
    /// @param name of the guest, for messages
    /// @param why_dead asked twice a second while waiting: a reason to give up at once ("its kernel
    /// panicked"), or empty
    ControlShell(Fd socket, std::string name, std::function<std::string()> why_dead = {});

    /// Waits until a shell answers a greeting; whatever the line held before is dropped.
    /// @param seconds to wait at most
    /// @param clock what the guest sets its clock to, in seconds since the epoch; without it the clock stays
    /// @returns the guest's boot id. @throws GuestLost.
    std::string hello(double seconds, std::optional<double> clock = {});

    /// Waits for the line a control shell sends when it starts, from a boot other than `old_boot`.
    /// @returns the new boot id. @throws TimeRanOut, after which it may be called again; GuestLost.
    std::string wait_for_boot(const std::string& old_boot, double seconds);

    /// To be polled for an answer to `begin`.
    int fd() const { return socket_.get(); }

    /// Sends a script after which no answer is waited for: it ends the shell that would give it.
    void begin(const Script& script);

    /// @param script its deadline already scaled. @throws GuestLost where no answer comes within the deadline
    /// and a grace of 15 s.
    ScriptResult run(const Script& script);

  private:
    std::string read_line(const Deadline& deadline, const char* waiting_for);
    std::string read_bytes(std::size_t count, const Deadline& deadline, const char* waiting_for);
    void fill(const Deadline& deadline, const char* waiting_for);
    void send(std::string_view text, const Deadline& deadline);
    std::string send_script(const Script& script, const Deadline& deadline);
    std::string new_id();

    Fd socket_;
    std::string name_;
    std::function<std::string()> why_dead_;
    std::string buffer_;
    std::size_t noise_ = 0;
    unsigned long next_id_ = 0;
    Deadline next_look_ = Deadline::in(0.5);
};

/// Begins a login shell on the guest's terminal, of that many rows and columns; 0 where not known.
void begin_terminal(ControlShell& shell, int rows, int columns);

/// What a guest that may hang knows of a failure: asks it for its logs, and writes those that are not empty
/// into a folder. @returns false where it does not answer within these seconds.
bool get_logs(ControlShell& shell, double seconds, Guest& guest, const std::filesystem::path& folder);

}  // namespace clamproof
