#include "guest/control_shell.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t max_stream = 4u << 20;
constexpr std::size_t max_noise = 1u << 20;
constexpr double grace = 15;

}  // namespace

ControlShell::ControlShell(Fd socket, std::string name, std::function<std::string()> why_dead)
    : socket_(std::move(socket)), name_(std::move(name)), why_dead_(std::move(why_dead)) {
    ::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
}

// Unique over every shell that may ever speak to the same guest: a saved guest may still owe an answer to
// another.
std::string ControlShell::new_id() {
    static const auto epoch = std::chrono::system_clock::now().time_since_epoch().count();
    return fmt::format("{:x}-{}-{}", epoch, ::getpid(), next_id_++);
}

void ControlShell::fill(const Deadline& deadline, const char* waiting_for) {
    char chunk[65536];
    for (;;) {
        // Also where the guest goes on talking.
        if (why_dead_ && next_look_.passed()) {
            next_look_ = Deadline::in(0.5);
            if (const std::string why = why_dead_(); !why.empty())
                throw GuestLost(fmt::format("{}: {}, while waiting for {}", name_, why, waiting_for));
        }
        const ssize_t n = ::read(socket_.get(), chunk, sizeof chunk);
        if (n > 0) {
            buffer_.append(chunk, static_cast<std::size_t>(n));
            return;
        }
        if (n == 0)
            throw GuestLost(fmt::format("{}: the guest ended while waiting for {}", name_, waiting_for));
        if (errno == EINTR) continue;
        if (errno != EAGAIN)
            throw GuestLost(fmt::format("{}: the line to the guest broke ({}) while waiting for {}", name_,
                                        std::strerror(errno), waiting_for));
        if (deadline.passed())
            throw TimeRanOut(fmt::format("{}: time ran out while waiting for {}", name_, waiting_for));
        pollfd fd{socket_.get(), POLLIN, 0};
        ::poll(&fd, 1, std::min(deadline.poll_milliseconds(), 500));
    }
}

std::string ControlShell::read_line(const Deadline& deadline, const char* waiting_for) {
    for (std::size_t seen = 0;;) {
        if (const auto end = buffer_.find('\n', seen); end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        seen = buffer_.size();
        if (seen > max_noise) throw GuestLost(name_ + ": the guest sends noise instead of answers");
        fill(deadline, waiting_for);
    }
}

std::string ControlShell::read_bytes(std::size_t count, const Deadline& deadline, const char* waiting_for) {
    while (buffer_.size() < count) fill(deadline, waiting_for);
    std::string bytes = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return bytes;
}

void ControlShell::send(std::string_view text, const Deadline& deadline) {
    while (!text.empty()) {
        const ssize_t n = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
        if (n > 0) {
            text.remove_prefix(static_cast<std::size_t>(n));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN)
            throw GuestLost(fmt::format("{}: the guest ended ({})", name_, std::strerror(errno)));
        if (deadline.passed()) throw GuestLost(name_ + ": the guest does not take its orders");
        pollfd fd{socket_.get(), POLLOUT, 0};
        ::poll(&fd, 1, deadline.poll_milliseconds());
    }
}

std::string ControlShell::hello(double seconds, std::optional<double> clock) {
    const Deadline all = Deadline::in(seconds);
    const std::string id = new_id();
    send(clock ? fmt::format("hello {} {:.6f}\n", id, *clock) : fmt::format("hello {}\n", id), all);
    for (noise_ = 0;;) {
        const std::string line = read_line(all, "the control shell's greeting");
        const auto words = split(line, ' ');
        if (words.size() == 3 && words[0] == "here" && words[1] == id) return std::string(words[2]);
        if ((noise_ += line.size() + 1) > max_noise)
            throw GuestLost(name_ + ": the guest sends noise instead of answers");
    }
}

std::string ControlShell::wait_for_boot(const std::string& old_boot, double seconds) {
    const Deadline deadline = Deadline::in(seconds);
    for (noise_ = 0;;) {
        const std::string line = read_line(deadline, "the guest to boot");
        const auto words = split(line, ' ');
        if (words.size() == 2 && words[0] == "ready" && words[1] != old_boot) return std::string(words[1]);
        if ((noise_ += line.size() + 1) > max_noise)
            throw GuestLost(name_ + ": the guest sends noise instead of answers");
    }
}

std::string ControlShell::send_script(const Script& script, const Deadline& deadline) {
    const std::string id = new_id();
    send(fmt::format("run {} {} {} {}\n", id, static_cast<long>(script.deadline + 0.999), script.text.size(),
                     script.input.size()),
         deadline);
    send(script.text, deadline);
    send(script.input, deadline);
    return id;
}

void ControlShell::begin(const Script& script) {
    send_script(script, Deadline::in(grace));
}

ScriptResult ControlShell::run(const Script& script) {
    const Stopwatch watch;
    const Deadline deadline = Deadline::in(script.deadline + grace);
    const std::string id = send_script(script, deadline);
    for (noise_ = 0;;) {
        const std::string line = read_line(deadline, "a script to end");
        const auto words = split(line, ' ');
        if (words.size() == 6 && words[0] == "done" && words[1] == id) {
            const auto status = number_from<std::size_t>(words[3]), out = number_from<std::size_t>(words[4]),
                       err = number_from<std::size_t>(words[5]);
            if (status && out && err) {
                if (*out > max_stream || *err > max_stream)
                    throw GuestLost(name_ + ": the guest announces more output than the protocol allows");
                ScriptResult result;
                result.exit = static_cast<int>(*status);
                result.out = read_bytes(*out, deadline, "a script's output");
                result.err = read_bytes(*err, deadline, "a script's output");
                result.seconds = watch.seconds();
                result.timed_out = words[2] == "late";
                return result;
            }
        }
        if (words.size() == 2 && words[0] == "ready")
            throw GuestLost(name_ + ": the guest restarted by itself");
        if ((noise_ += line.size() + 1) > max_noise)
            throw GuestLost(name_ + ": the guest sends noise instead of answers");
    }
}

void begin_terminal(ControlShell& shell, int rows, int columns) {
    constexpr double a_day = 86400;
    shell.begin({.text = fmt::format("exec setsid -w /usr/lib/clamproof/terminal {} {}", rows, columns),
                 .deadline = a_day});
}

bool get_logs(ControlShell& shell, double seconds, Guest& guest, const std::filesystem::path& folder) try {
    shell.hello(seconds);
    const auto ask = [&](const char* script, const char* name) {
        const ScriptResult result = guest.run({.text = script, .deadline = 10});
        if (!result.out.empty()) write_file(folder / name, result.out.raw());
    };
    ask("journalctl -b --no-pager -o short-precise 2>/dev/null | tail -c 4000000 || "
        "tail -c 4000000 /var/log/syslog /var/log/messages 2>/dev/null",
        "journal.log");
    ask("tail -c 4000000 /var/log/audit/audit.log", "audit.log");
    return true;
} catch (const InfraError&) {
    return false;
}

}  // namespace clamproof
