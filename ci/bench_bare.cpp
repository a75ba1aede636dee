#include "bench_bare.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include "guest/overlay.h"
#include "guest/run_folder.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr double patience = 300;  // seconds for an emulated guest's slowest answer

std::string shell_socket(const fs::path& folder) {
    return (folder / "shell").string();
}

// QEMU connects to it, so nobody has to look again and again whether it is there yet.
Fd listen_at(const std::string& path) {
    ::unlink(path.c_str());
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw InfraError(path + " is too long for a socket");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd.get(), 1) != 0)
        throw InfraError(fmt::format("cannot listen at {}: {}", path, std::strerror(errno)));
    return fd;
}

Fd accept_from(const Fd& listener) {
    pollfd ready{listener.get(), POLLIN, 0};
    if (::poll(&ready, 1, 30'000) != 1) throw InfraError("bare QEMU does not connect to a socket of ours");
    return Fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

// The little of QEMU's monitor that a restore needs.
class Monitor {
  public:
    explicit Monitor(Fd line) : line_(std::move(line)) { ask("qmp_capabilities"); }

    // libvirt saves a guest that it has stopped, and stopped it comes back: QEMU is told to go on, but only
    // once it has read the memory.
    void resume_when_loaded() {
        while (ask("query-status").find("\"inmigrate\"") != std::string::npos)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ask("cont");
    }

  private:
    std::string ask(const std::string& command) {
        const std::string request = "{\"execute\":\"" + command + "\"}\n";
        if (::write(line_.get(), request.data(), request.size()) < 0)
            throw InfraError("bare QEMU's monitor takes no command");
        for (std::string line = read_line();; line = read_line()) {
            if (line.find("\"error\"") != std::string::npos) throw InfraError("bare QEMU answers: " + line);
            if (line.find("\"return\"") != std::string::npos) return line;
        }
    }

    std::string read_line() {
        for (;;) {
            const auto end = unread_.find('\n');
            if (end != std::string::npos) {
                const std::string line = unread_.substr(0, end);
                unread_.erase(0, end + 1);
                return line;
            }
            pollfd ready{line_.get(), POLLIN, 0};
            char chunk[4096];
            const ssize_t n = ::poll(&ready, 1, 60'000) == 1 ? ::read(line_.get(), chunk, sizeof chunk) : -1;
            if (n <= 0) throw InfraError("bare QEMU's monitor does not answer");
            unread_.append(chunk, static_cast<std::size_t>(n));
        }
    }

    Fd line_;
    std::string unread_;
};

// The value of a pair "-option value" of libvirt's own, which goes.
bool is_libvirts(const std::string& option, const std::string& value) {
    return (option == "-object" && value.find("masterKey") != std::string::npos) ||
           (option == "-chardev" && value.starts_with("socket,id=charmonitor")) || option == "-mon" ||
           option == "-add-fd" || option == "-incoming";
}

std::string adapted(const std::string& option, const std::string& value, const fs::path& disk,
                    const fs::path& folder) {
    if (option == "-name") return "bench-bare";
    if (option == "-chardev" && value.starts_with("socket,id=charchannel0"))
        return "socket,id=charchannel0,path=" + shell_socket(folder);
    if (option == "-chardev" && value.starts_with("socket,id=charchannel1")) return "null,id=charchannel1";
    if (option == "-chardev" && value.starts_with("file,id=charserial0"))
        return "file,id=charserial0,path=" + (folder / "console.log").string();
    // The layer the guest writes to is the one whose node is libvirt-1; below it is the image.
    if (option == "-blockdev" && value.find("\"libvirt-1-storage\",\"cache\"") != std::string::npos)
        return std::regex_replace(value, std::regex("\"filename\":\"[^\"]*\""),
                                  "\"filename\":\"" + disk.string() + "\"");
    return value;
}

}  // namespace

std::vector<std::string> argv_of_guest(const fs::path& folder) {
    const auto pids = guests_of(folder);
    if (pids.size() != 1)
        throw InfraError(fmt::format("{} guests of {}, not one", pids.size(), folder.string()));
    std::ifstream file(fmt::format("/proc/{}/cmdline", pids[0]), std::ios::binary);
    std::vector<std::string> argv;
    for (std::string word; std::getline(file, word, '\0');) argv.push_back(word);
    return argv;
}

std::vector<std::string> read_argv(const fs::path& file) {
    std::istringstream lines(read_file(file));
    std::vector<std::string> argv;
    for (std::string line; std::getline(lines, line);) argv.push_back(line);
    return argv;
}

void write_argv(const fs::path& file, const std::vector<std::string>& argv) {
    std::string text;
    for (const auto& word : argv) text += word + "\n";
    write_file(file, text);
}

std::vector<std::string> bare_argv(const std::vector<std::string>& argv, const fs::path& disk,
                                   const fs::path& folder) {
    std::vector<std::string> bare;
    for (std::size_t i = 0; i < argv.size(); ++i) {
        const std::string& option = argv[i];
        if (option == "-S") continue;  // libvirt continues it by its monitor
        const bool has_value =
            i > 0 && i + 1 < argv.size() && option.starts_with("-") && !argv[i + 1].starts_with("-");
        if (!has_value) {
            bare.push_back(option);
            continue;
        }
        const std::string& value = argv[++i];
        if (is_libvirts(option, value)) continue;
        bare.push_back(option);
        bare.push_back(adapted(option, value, disk, folder));
    }
    return bare;
}

void strip_memory(const fs::path& memory, const fs::path& stream) {
    // magic, then version, length of the XML, …; see virQEMUSaveHeader in libvirt's src/qemu/qemu_saveimage.h
    constexpr std::streamoff header_size = 92;
    constexpr std::streamoff length_at = 20;
    std::ifstream in(memory, std::ios::binary);
    std::string magic(16, '\0');
    std::uint32_t length = 0;
    in.read(magic.data(), 16);
    in.seekg(length_at);
    in.read(reinterpret_cast<char*>(&length), sizeof length);
    in.seekg(header_size + length);
    std::string begin(4, '\0');
    in.read(begin.data(), 4);
    if (!in || magic != "LibvirtQemudSave" || begin != "QEVM")
        throw InfraError(memory.string() + " is no uncompressed memory file of libvirt's");
    in.seekg(header_size + length);
    std::ofstream out(stream, std::ios::binary | std::ios::trunc);
    out << in.rdbuf();
    if (!out.flush()) throw InfraError("cannot write " + stream.string());
}

int free_port() {
    const Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw InfraError(fmt::format("no free port: {}", std::strerror(errno)));
    return ntohs(address.sin_port);
}

BareGuest::BareGuest(const BareOptions& options, const fs::path& folder) {
    const fs::path disk = folder / "disk.qcow2";
    make_overlay(disk, options.below);
    argv_ = bare_argv(options.argv, disk, folder);
    if (options.ssh_port)
        argv_.insert(argv_.end(),
                     {"-netdev", fmt::format("user,id=net0,hostfwd=tcp:127.0.0.1:{}-:22", options.ssh_port),
                      "-device", "virtio-net-pci,netdev=net0,addr=0x10"});
    std::vector<std::string> start = argv_;
    if (!options.stream.empty()) {
        argv_.insert(argv_.end(), {"-incoming", "fd:3", "-qmp", "unix:" + (folder / "monitor").string()});
        start = {"sh", "-c", "exec \"$@\" 3<\"$0\"", options.stream.string()};
        start.insert(start.end(), argv_.begin(), argv_.end());
    }
    const Fd listener = listen_at(shell_socket(folder));
    const Fd monitor = options.stream.empty() ? Fd() : listen_at((folder / "monitor").string());
    qemu_ = std::make_unique<Child>(start);
    shell_ = std::make_unique<ControlShell>(accept_from(listener), "bare QEMU",
                                            [this] { return qemu_->wait(0) ? "QEMU has ended" : ""; });
    if (options.stream.empty()) {
        shell_->wait_for_boot("", patience);
    } else {
        Monitor(accept_from(monitor)).resume_when_loaded();
        shell_->hello(patience);
    }
    const ScriptResult first = shell_->run({.text = "true", .deadline = patience});
    if (first.exit != 0) throw InfraError("bare QEMU's guest fails at true");
}

}  // namespace clamproof
