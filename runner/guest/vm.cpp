#include "guest/vm.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>

#include "guest/control_shell.h"
#include "guest/overlay.h"
#include "support/clock.h"

namespace clamproof {
namespace {

constexpr double booted_deadline = 30;
constexpr double reboot_deadline = 60;
constexpr double answer_deadline = 10;
// Whatever a host's slowness makes of them: no guest is waited for longer that says nothing, nor one that
// does.
constexpr double longest_silence = 900;
constexpr double longest_boot = 3600;
constexpr std::uintmax_t longest_console = 32 << 20;  // a boot prints a thousandth of it
constexpr std::size_t evidence_of_console = 4 << 20;

// What a kernel, a BIOS, UEFI or images/cloud/bootstrap.sh says on the console when nothing will come any
// more.
constexpr std::pair<const char*, const char*> console_endings[] = {
    {"CPU does not support x86-64", "its programs are made for a processor that it does not have"},
    {"Kernel panic", "its kernel panicked"},
    {"No bootable device", "there is nothing on its disk to boot from"},
    {"UEFI Interactive Shell", "there is nothing on its disk to boot from"},
    {"clamproof: no control shell", "its seed could not bring the control shell in"}};

Fd connect_to(const fs::path& path) {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path.string();
    if (name.size() >= sizeof address.sun_path)
        throw InfraError(fmt::format("the path {} is too long for a socket; set a shorter TMPDIR", name));
    std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw InfraError(fmt::format("cannot connect to the guest at {}: {}", name, std::strerror(errno)));
    return fd;
}

std::string tail_of(const fs::path& file, std::size_t bytes) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return "";
    const auto size = static_cast<std::size_t>(in.tellg());
    const std::size_t take = std::min(size, bytes);
    in.seekg(static_cast<std::streamoff>(size - take));
    std::string text(take, '\0');
    in.read(text.data(), static_cast<std::streamsize>(take));
    return text;
}

}  // namespace

BootPatience on_slow_host(BootPatience patience, double scale) {
    return {.silence = std::min(patience.silence * scale, longest_silence),
            .longest = std::min(patience.longest * scale, longest_boot)};
}

/// One domain, its layer of disk and its sockets.
class Vm : public Guest {
  public:
    Vm(VmHost& host, const fs::path& below, std::shared_ptr<void> keeps)
        : host_(host), keeps_(std::move(keeps)), number_(++host.guests_) {
        files_ = std::make_shared<TempDir>(host.folder_.files(), fmt::format("{}-", number_));
        const fs::path sockets = host.folder_.sockets();
        let_through(files_->path());
        make_folder(own());
        let_through(own());
        paths_ = {.disk = files_->path() / "disk.qcow2",
                  .console = own() / "console.log",
                  .shell = sockets / fmt::format("s{}", number_),
                  .tty = sockets / fmt::format("t{}", number_)};
        make_overlay(paths_.disk, below);
        std::ofstream(paths_.console).close();
        for (const auto& file : {paths_.disk, paths_.console}) host_.domains_.lend(file);
    }

    ~Vm() override {
        end();
        std::error_code ignored;
        fs::remove(paths_.shell, ignored);
        fs::remove(paths_.tty, ignored);
    }

    void boot() {
        domain_ = host_.domains_.start(xml(), host_.machine_.name, Begin::Paused);
        connect();
        domain_->resume();
        try {
            boot_id_ = await_first_boot();
        } catch (const GuestLost& lost) {
            throw GuestLost(
                fmt::format("{}\nthe console ends with:\n{}", lost.what(), tail_of(paths_.console, 2000)));
        }
    }

    void restore(const State& state) {
        domain_ = host_.domains_.restore(state.memory, xml(), host_.machine_.name, Begin::Paused);
        connect();
        domain_->resume();
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        boot_id_ = shell_->hello(answer_deadline * host_.scale_, Seconds(now).count());
    }

    ScriptResult run(const Script& script) override {
        if (!shell_) throw GuestLost(host_.machine_.name + ": the guest is gone");
        Script scaled = script;
        scaled.deadline = std::min(script.deadline * host_.scale_, longest_script);
        scaled.text = fmt::format("export CLAMPROOF_SCALE={:.0f}\n", std::ceil(host_.scale_)) + script.text;
        return shell_->run(scaled);
    }

    double scale() const override { return host_.scale_; }

    void reboot() override {
        const std::string old = boot_id_;
        // The shell may be stopped before it can answer. systemctl is also where systemd is not init.
        shell_->begin(
            {.text = "[ -d /run/systemd/system ] && exec systemctl --no-block reboot; exec reboot"});
        boot_id_ =
            shell_->wait_for_boot(old, on_slow_host({.silence = reboot_deadline}, host_.scale_).silence);
        const ScriptResult booted =
            run({.text = "exec /usr/lib/clamproof/booted", .deadline = booted_deadline});
        // Degraded is for the case to judge: the failure itself may keep a service from starting.
        if (booted.timed_out)
            throw GuestLost(fmt::format("{}: the guest does not finish booting: {}", host_.machine_.name,
                                        terminal_text(booted.out + booted.err)));
    }

    State save() override {
        const int number = ++saves_;
        const fs::path memory = files_->path() / fmt::format("memory-{}", number);
        const fs::path layer = files_->path() / fmt::format("disk-{}.qcow2", number);
        make_overlay(layer, paths_.disk);
        host_.domains_.lend(layer);
        domain_->snapshot(memory, layer);
        const fs::path frozen = std::exchange(paths_.disk, layer);
        host_.domains_.take_back(frozen);
        // Whoever lives longer, guest or state, keeps the files, and what lies below them.
        return {.memory = memory,
                .disk = frozen,
                .keeps = std::make_shared<std::pair<std::shared_ptr<void>, std::shared_ptr<void>>>(files_,
                                                                                                   keeps_)};
    }

    std::vector<fs::path> diagnose(const fs::path& folder) noexcept override try {
        make_folder(folder);
        write_file(folder / "console.log", tail_of(paths_.console, evidence_of_console));
        if (!shell_ || !why_dead().empty() || !get_logs(*shell_, 2 * host_.scale_, *this, folder))
            take_logs_from_disk(folder);
        return files_below(folder);
    } catch (...) {
        return {};
    }

    Terminal terminal(int rows, int columns) override {
        Terminal terminal{.line = connect_to(paths_.tty), .ended = shell_->fd()};
        begin_terminal(*shell_, rows, columns);
        return terminal;
    }

    fs::path shut_down(double seconds) override {
        shell_->begin(
            {.text = "[ -d /run/systemd/system ] && exec systemctl --no-block poweroff; exec poweroff"});
        for (const Deadline deadline = Deadline::in(seconds * host_.scale_); domain_->running();) {
            if (deadline.passed())
                throw InfraError(
                    fmt::format("{} does not go down within {:.0f} s; the console ends with:\n{}",
                                host_.machine_.name, seconds * host_.scale_, tail_of(paths_.console, 2000)));
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        shell_.reset();
        return paths_.disk;
    }

  private:
    // Nobody needs what QEMU would still write: killed, it is gone at once; asked politely by libvirt, it
    // takes a second.
    void end() {
        if (domain_) kill_guests_of(own());
        domain_.reset();
    }

    // What no other guest's command line names: guests forked from a state of this one name its disk.
    fs::path own() const { return files_->path() / "guest"; }

    std::string xml() const { return domain_xml(host_.machine_, paths_); }

    void connect() {
        shell_ = std::make_unique<ControlShell>(connect_to(paths_.shell), host_.machine_.name,
                                                [this] { return why_dead(); });
    }

    std::string why_dead() const {
        if (!domain_->running()) return "the guest is gone";
        std::error_code none;
        const std::uintmax_t printed = fs::file_size(paths_.console, none);
        if (!none && printed > longest_console)
            return fmt::format("it floods its console, with more than {} MiB", longest_console >> 20);
        const std::string console = tail_of(paths_.console, 16384);
        for (const auto& [words, meaning] : console_endings) {
            const auto found = console.find(words);
            if (found != std::string::npos)
                return fmt::format("{} ({})", meaning,
                                   console.substr(found, console.find_first_of("\r\n", found) - found));
        }
        return "";
    }

    // A boot in which a package manager is at work may take long, but not without a word.
    std::string await_first_boot() const {
        const Stopwatch watch;
        const auto [silence, longest] = on_slow_host(host_.patience_, host_.scale_);
        for (std::uintmax_t said = 0;;) {
            try {
                return shell_->wait_for_boot("", std::min(silence, longest - watch.seconds()));
            } catch (const TimeRanOut&) {
                const auto says = fs::file_size(paths_.console);
                if (says == said || watch.seconds() >= longest) throw;
                said = says;
            }
        }
    }

    void take_logs_from_disk(const fs::path& folder) {
        domain_->send_keys(
            {56, 99, 31});  // Alt, SysRq, S: the kernel of a hung guest may still sync its disks
        domain_->destroy();
        try {
            for (const auto& [file, content] : read_from_disk(paths_.disk, logs_in_files))
                keep_log(folder, file, content);
        } catch (const InfraError& error) {  // the console is there
            write_file(folder / "disk.txt", std::string(error.what()) + "\n");
        }
    }

    VmHost& host_;
    std::shared_ptr<void> keeps_;
    int number_;
    std::shared_ptr<TempDir> files_;
    MachinePaths paths_;
    std::unique_ptr<Domain> domain_;
    std::unique_ptr<ControlShell> shell_;
    std::string boot_id_;
    int saves_ = 0;
};

VmHost::VmHost(Domains& domains, const RunFolder& folder, Machine machine, fs::path disk, double scale,
               BootPatience patience)
    : domains_(domains),
      folder_(folder),
      machine_(std::move(machine)),
      disk_(std::move(disk)),
      scale_(scale),
      patience_(patience) {}

std::unique_ptr<Guest> VmHost::open() try {
    auto vm = std::make_unique<Vm>(*this, disk_, nullptr);
    vm->boot();
    return vm;
} catch (const GuestLost&) {
    throw;
} catch (const InfraError&) {
    rethrow_while("booting " + machine_.name);
}

std::unique_ptr<Guest> VmHost::fork(const State& state) try {
    auto vm = std::make_unique<Vm>(*this, state.disk, state.keeps);
    vm->restore(state);
    return vm;
} catch (const GuestLost&) {
    throw;
} catch (const InfraError&) {
    rethrow_while("restoring " + machine_.name);
}

}  // namespace clamproof
