#include "guest/container.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "guest/control_shell.h"
#include "support/clock.h"

namespace clamproof {
namespace {

constexpr double start_deadline = 60;
constexpr double init_deadline = 60;
constexpr const char* cannot_be_saved = "what runs in a container cannot be saved, only its files could";
constexpr const char* line_folder = "/usr/lib/clamproof/host";  // where the container finds its sockets

Fd listen_at(const fs::path& path) {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path.string();
    if (name.size() >= sizeof address.sun_path)
        throw InfraError(fmt::format("the path {} is too long for a socket", name));
    std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd.get(), 4) != 0)
        throw InfraError(fmt::format("cannot listen at {}: {}", name, std::strerror(errno)));
    return fd;
}

// Nothing where nobody comes within the time.
Fd accept_from(const Fd& listener, double seconds) {
    const Deadline deadline = Deadline::in(seconds);
    for (;;) {
        Fd line(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (line || deadline.passed()) return line;
        pollfd fd{listener.get(), POLLIN, 0};
        ::poll(&fd, 1, deadline.poll_milliseconds());
    }
}

// What init, logins and package managers do: files of other users', processes as them, privileges that they
// drop. And one that probes need: to look at clamd's environment, and to trace it (PTRACE).
constexpr const char* capabilities[] = {"CHOWN",  "DAC_OVERRIDE", "FOWNER",  "FSETID",    "KILL",
                                        "SETGID", "SETUID",       "SETPCAP", "SYS_PTRACE"};
// Without a user namespace PAM fails where it may not set a login's audit id, and tell of it; in one it knows
// that it may not.
constexpr const char* capabilities_for_audit[] = {"AUDIT_CONTROL", "AUDIT_WRITE"};

std::vector<std::string> capability_options(const ContainerEngine& engine) {
    std::vector<std::string> options = {"--cap-drop=ALL"};
    for (const char* each : capabilities) options.push_back(fmt::format("--cap-add={}", each));
    if (!engine.has_own_users())
        for (const char* each : capabilities_for_audit) options.push_back(fmt::format("--cap-add={}", each));
    return options;
}

// None but root in the container may come in: what speaks there is believed to be the guest.
void give_to_container(const fs::path& file, uid_t root) {
    if (root != 0 && ::chown(file.c_str(), root, root) != 0)
        throw InfraError(
            fmt::format("{} cannot be given to a container: {}", file.string(), std::strerror(errno)));
}

}  // namespace

/// One container, its folder of sockets and its line.
class Container : public Guest {
  public:
    explicit Container(ContainerHost& host)
        : host_(host),
          folder_(host.folder_.sockets() / fmt::format("c{}", ++host.guests_)),
          name_(fmt::format("{}-{}", host.folder_.sockets().filename().string(), host.guests_)) {
        make_folder(folder_);
        shell_door_ = listen_at(folder_ / "shell");
        tty_door_ = listen_at(folder_ / "tty");
        for (const auto& file : {folder_, folder_ / "shell", folder_ / "tty"})
            give_to_container(file, engine().root_of_containers());
    }

    ~Container() override {
        shell_.reset();
        try {
            engine().ask({"rm", "--force", name_});
        } catch (...) {  // the run folder's owner removes it, or whoever comes after
        }
        remove_tree(folder_);
    }

    void start() {
        const std::string doing = "starting a container of " + host_.plan_.name;
        engine().must(doing, run_arguments(), start_deadline);
        connect();
    }

    ScriptResult run(const Script& script) override {
        if (!shell_) throw GuestLost(host_.plan_.name + ": the guest is gone");
        return shell_->run(script);
    }

    void reboot() override {
        shell_.reset();
        engine().must("restarting a container of " + host_.plan_.name, {"restart", name_}, start_deadline);
        connect();
        if (run({.text = "exec /usr/lib/clamproof/booted", .deadline = init_deadline}).timed_out)
            throw GuestLost(host_.plan_.name + ": the guest does not finish booting");
    }

    State save() override { throw InfraError(cannot_be_saved); }

    std::vector<fs::path> diagnose(const fs::path& folder) noexcept override try {
        make_folder(folder);
        write_file(folder / "console.log", recent_log(20'000));
        if (!shell_ || !get_logs(*shell_, 2, *this, folder)) copy_logs(engine(), name_, folder);
        return files_below(folder);
    } catch (...) {
        return {};
    }

    Terminal terminal(int rows, int columns) override {
        constexpr double patience = 10;
        begin_terminal(*shell_, rows, columns);
        Fd line = accept_from(tty_door_, patience);
        if (!line) throw GuestLost(host_.plan_.name + ": the guest's terminal does not answer");
        return {.line = std::move(line), .ended = shell_->fd()};
    }

  private:
    const ContainerEngine& engine() const { return host_.engine_; }

    std::vector<std::string> run_arguments() const {
        std::vector<std::string> arguments = {
            "run", "--detach", "--name=" + name_, run_label_option(host_.folder_.sockets()), "--pull=never",
            "--network=none", "--hostname=guest", "--stop-timeout=0",
            // Else a host's SELinux keeps it from the socket.
            "--security-opt=label=disable", fmt::format("--volume={}:{}:ro", folder_.string(), line_folder)};
        for (const auto& limit : limits_for_containers()) arguments.push_back(limit);
        arguments.insert(arguments.end(), engine().bounds().begin(), engine().bounds().end());
        for (const auto& option : capability_options(engine())) arguments.push_back(option);
        if (engine().is_podman()) {
            arguments.push_back(host_.plan_.systemd ? "--systemd=always" : "--systemd=false");
            arguments.emplace_back("--no-hosts");  // its own would name each container differently
        }
        // What its init prints is kept on the host.
        arguments.emplace_back(engine().is_podman() ? "--log-driver=k8s-file" : "--log-driver=json-file");
        arguments.emplace_back("--log-opt=max-size=8m");
        if (!host_.plan_.systemd) arguments.push_back("--tmpfs=/run");
        arguments.insert(arguments.end(), {host_.plan_.image, "/sbin/init"});
        return arguments;
    }

    void connect() {
        Fd line = accept_from(shell_door_, init_deadline);
        if (!line)
            throw GuestLost(fmt::format("{}: the container's control shell does not answer; it said:\n{}",
                                        host_.plan_.name, recent_log(20)));
        shell_ = std::make_unique<ControlShell>(std::move(line), host_.plan_.name);
        shell_->wait_for_boot("", init_deadline);
    }

    std::string recent_log(int lines) const {
        const ProcessResult said = engine().ask({"logs", fmt::format("--tail={}", lines), name_});
        return terminal_text(said.out + said.err);
    }

    ContainerHost& host_;
    fs::path folder_;
    std::string name_;
    Fd shell_door_, tty_door_;
    std::unique_ptr<ControlShell> shell_;
};

ContainerHost::ContainerHost(ContainerEngine engine, const RunFolder& folder, ContainerPlan plan)
    : engine_(std::move(engine)), folder_(folder), plan_(std::move(plan)) {
    if (plan_.systemd && !engine_.is_podman())
        throw InfraError(fmt::format("{}: systemd runs in podman's containers, not in those of {}",
                                     plan_.name, engine_.name()));
    if (plan_.systemd) engine_ = engine_.without_own_users();
    record_engine(engine_, folder_.sockets());
}

std::unique_ptr<Guest> ContainerHost::open() {
    auto container = std::make_unique<Container>(*this);
    container->start();
    return container;
}

std::unique_ptr<Guest> ContainerHost::fork(const State&) {
    throw InfraError(cannot_be_saved);
}

}  // namespace clamproof
