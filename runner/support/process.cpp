#include "support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <boost/process.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/posix.hpp>
#include <cerrno>
#include <cstring>

#include "support/clock.h"
#include "support/error.h"

namespace clamproof {
namespace {

namespace bp = boost::process;

struct Pipe {
    Fd read, write;
};

// Boost's own pipes are inherited by every other child started meanwhile, so that end-of-file comes late.
Pipe make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0)
        throw InfraError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    return {Fd(fds[0]), Fd(fds[1])};
}

// Its own group, so that Ctrl-C does not reach it and its children can be ended with it; signals as a fresh
// program expects them.
// It ends with whoever started it, killed or not: with the thread, to be exact, which waits for it.
struct FreshGroup : bp::extend::handler {
    pid_t parent = ::getpid();

    template <typename Executor>
    void on_exec_setup(Executor&) const {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(1);
        ::setpgid(0, 0);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::signal(SIGPIPE, SIG_DFL);
        ::signal(SIGINT, SIG_DFL);
    }
};

bp::child launch(const std::vector<std::string>& argv, const std::map<std::string, std::string>& extra,
                 int in, int out, int err) {
    const std::string program = need_program(argv.at(0));
    bp::environment env = boost::this_process::environment();
    for (const auto& [key, value] : extra) env[key] = value;
    const std::vector<std::string> args(argv.begin() + 1, argv.end());
    std::error_code error;
    bp::child child(bp::exe = program, bp::args = args, env, bp::posix::fd.bind(0, in),
                    bp::posix::fd.bind(1, out), bp::posix::fd.bind(2, err), FreshGroup{}, error);
    if (error) throw InfraError(fmt::format("cannot start {}: {}", program, error.message()));
    ::setpgid(child.id(), child.id());  // also here, so that the group is there before the first kill
    return child;
}

void set_nonblocking(int fd) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

// One of the streams of a process under way.
class Capture {
  public:
    Capture(Fd fd, std::size_t limit, std::function<void(std::string_view)> on_line)
        : fd_(std::move(fd)), limit_(limit), on_line_(std::move(on_line)) {
        set_nonblocking(fd_.get());
    }

    int fd() const { return fd_.get(); }
    bool full() const { return text_.size() >= limit_; }
    std::string take() { return std::move(text_); }

    // No more than a pipe can hold: who writes as fast as this reads would never be done with.
    void drain() {
        char buffer[65536];
        for (int pieces = 0; fd_ && pieces < 16; ++pieces) {
            const ssize_t n = ::read(fd_.get(), buffer, sizeof buffer);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) return;
            if (n <= 0) return fd_.reset();
            const std::string_view got(buffer, static_cast<std::size_t>(n));
            text_.append(got.substr(0, limit_ - std::min(limit_, text_.size())));
            if (on_line_) lines(got);
        }
    }

  private:
    void lines(std::string_view got) {
        for (char c : got) {
            if (c == '\n' || c == '\r') {
                if (!line_.empty()) on_line_(line_);
                line_.clear();
            } else if (line_.size() < 4096) {
                line_ += c;
            }
        }
    }

    Fd fd_;
    std::size_t limit_;
    std::string text_, line_;
    std::function<void(std::string_view)> on_line_;
};

class Feeder {
  public:
    Feeder(Fd fd, std::string_view input) : fd_(std::move(fd)), rest_(input) {
        set_nonblocking(fd_.get());
        if (rest_.empty()) fd_.reset();
    }
    int fd() const { return fd_.get(); }
    void feed() {
        const ssize_t n = ::write(fd_.get(), rest_.data(), rest_.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
        if (n < 0) return fd_.reset();
        rest_.remove_prefix(static_cast<std::size_t>(n));
        if (rest_.empty()) fd_.reset();
    }

  private:
    Fd fd_;
    std::string_view rest_;
};

// TERM, then KILL after a grace; asked again each turn of the poll loop.
class Reaper {
  public:
    Reaper(pid_t group, double grace) : group_(group), grace_(grace) {}
    void end() {
        if (!asked_) {
            ::killpg(group_, SIGTERM);
            asked_ = true;
            kill_at_ = Deadline::in(grace_);
        } else if (kill_at_.passed()) {
            ::killpg(group_, SIGKILL);
        }
    }

  private:
    pid_t group_;
    double grace_;
    bool asked_ = false;
    Deadline kill_at_ = Deadline::in(0);
};

}  // namespace

// v1's wait_for is unsafe with threads (boostorg/process#347); a pidfd can be polled with everything else.
// Without one nothing wakes the poll, which is short then.
class Ending {
  public:
    explicit Ending(pid_t pid) : pid_(pid), fd_(open_pidfd(pid)) {}

    pollfd polled() const { return {fd_.get(), POLLIN, 0}; }
    /// Milliseconds to poll for, at most `most`.
    int patience(const Deadline& deadline, int most) const {
        return std::min(deadline.poll_milliseconds(), fd_ ? most : 5);
    }
    /// Leaves the process to be reaped by who started it. True also where nobody is left to wait for.
    bool reached() const {
        siginfo_t info{};
        return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | WNOHANG) != 0 ||
               info.si_pid == pid_;
    }

  private:
    pid_t pid_;
    Fd fd_;
};

std::string ProcessResult::how_it_ended() const {
    if (cancelled) return "was interrupted";
    if (full) return "printed more than is read";
    if (timed_out) return fmt::format("took longer than its deadline and was ended after {:.0f} s", seconds);
    if (signal != 0) return fmt::format("was killed by signal {}", signal);
    return fmt::format("exited with {}", exit);
}

ProcessResult run_process(const ProcessOptions& options) {
    Pipe in = make_pipe(), out = make_pipe(), err = make_pipe();
    const Stopwatch watch;
    bp::child child = launch(options.argv, options.env, in.read.get(), out.write.get(), err.write.get());
    in.read.reset();
    out.write.reset();
    err.write.reset();

    const Ending ending(child.id());
    Feeder feeder(std::move(in.write), options.input);
    Capture captured_out(std::move(out.read), options.capture_limit, {});
    Capture captured_err(std::move(err.read), options.capture_limit, options.on_error_line);
    const Deadline deadline = Deadline::in(options.deadline);
    Reaper reaper(child.id(), options.grace);
    ProcessResult result;
    for (bool ended = false; !ended;) {
        pollfd fds[] = {ending.polled(),
                        {feeder.fd(), POLLOUT, 0},
                        {captured_out.fd(), POLLIN, 0},
                        {captured_err.fd(), POLLIN, 0}};
        ::poll(fds, 4, ending.patience(deadline, 99) + 1);
        if (fds[1].revents) feeder.feed();
        captured_out.drain();
        captured_err.drain();
        ended = ending.reached();
        if (!ended && options.cancelled && options.cancelled()) result.cancelled = true;
        if (!ended && options.end_when_full && captured_out.full()) result.full = true;
        const bool ending_already = result.cancelled || result.full;
        if (!ended && !ending_already && deadline.passed()) result.timed_out = true;
        if (!ended && (ending_already || result.timed_out)) reaper.end();
    }
    // What the program wrote last may still be in the pipes; grandchildren may hold them open for ever.
    captured_out.drain();
    captured_err.drain();
    child.wait();
    ::killpg(child.id(), SIGKILL);
    const int status = child.native_exit_code();
    if (WIFEXITED(status)) result.exit = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    result.out = captured_out.take();
    result.err = captured_err.take();
    result.seconds = watch.seconds();
    return result;
}

ProcessResult run_checked(const std::string& doing, const ProcessOptions& options) {
    ProcessResult result = run_process(options);
    if (result.ok()) return result;
    std::string said = result.err.empty() ? result.out : result.err;
    while (!said.empty() && std::isspace(static_cast<unsigned char>(said.back()))) said.pop_back();
    if (said.size() > 600) said = "…" + said.substr(said.size() - 600);
    throw InfraError(fmt::format("{}: {} {}{}{}", doing, options.argv[0], result.how_it_ended(),
                                 said.empty() ? "" : ":\n", said));
}

struct Child::State {
    bp::child process;
    Ending ending;
    Fd input, output;
};

Child::Child(const std::vector<std::string>& argv) {
    Pipe in = make_pipe(), out = make_pipe();
    bp::child process = launch(argv, {}, in.read.get(), out.write.get(), STDERR_FILENO);
    Ending ending(process.id());
    state_ = std::make_unique<State>(
        State{std::move(process), std::move(ending), std::move(in.write), std::move(out.read)});
}

Child::~Child() {
    if (!state_) return;
    state_->input.reset();
    kill(SIGKILL);
    wait(10);
}

Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&&) noexcept = default;

pid_t Child::pid() const {
    return state_->process.id();
}
int Child::input() const {
    return state_->input.get();
}
int Child::output() const {
    return state_->output.get();
}
void Child::close_input() {
    state_->input.reset();
}

void Child::kill(int signal) noexcept {
    ::killpg(state_->process.id(), signal);
}

bool Child::wait(double seconds) noexcept {
    const Ending& ending = state_->ending;
    for (const Deadline deadline = Deadline::in(seconds); !ending.reached();) {
        if (deadline.passed()) return false;
        pollfd fd = ending.polled();
        ::poll(&fd, 1, ending.patience(deadline, 1000));
    }
    std::error_code ignored;
    state_->process.wait(ignored);
    return true;
}

int (*open_pidfd)(pid_t) = [](pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); };

std::string find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
    const char* path = std::getenv("PATH");
    std::string_view rest = path ? path : "/usr/bin:/bin";
    // The system folders hold setfiles and mke2fs, and are not in an ordinary user's PATH on Debian.
    const std::string all = std::string(rest) + ":/usr/sbin:/sbin";
    for (rest = all; !rest.empty();) {
        const auto colon = rest.find(':');
        const std::string candidate = std::string(rest.substr(0, colon)) + "/" + name;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
        rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
    }
    return "";
}

std::string need_program(const std::string& name) {
    std::string path = find_program(name);
    if (path.empty())
        throw InfraError(name +
                         " is not installed: run ci/packages, or clamproof doctor to see what is missing");
    return path;
}

}  // namespace clamproof
