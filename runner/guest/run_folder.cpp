#include "guest/run_folder.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <thread>

#include "support/clock.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

fs::path runs_folder() {
    const fs::path folder = cache_folder() / "runs";
    make_folder(folder);
    let_through(folder);
    return folder;
}

// Held while a folder is made or cleared up, so that nobody clears up one that is being made.
FileLock registry_lock() {
    return FileLock(runs_folder() / ".lock");
}

fs::path lock_of(const fs::path& files) {
    return files / "alive";
}
fs::path note_of(const fs::path& files) {
    return files / "sockets";
}

std::string first_line(const fs::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// @returns whether there were any.
bool keep_consoles(const fs::path& files, const fs::path& evidence) {
    constexpr std::uintmax_t most = 1 << 20;
    bool found = false;
    for (const auto& guest : fs::directory_iterator(files)) {
        const fs::path console = guest.path() / "guest/console.log";
        std::error_code none;
        const auto size = fs::file_size(console, none);
        if (none) continue;
        make_folder(evidence);
        std::ifstream from(console, std::ios::binary);
        from.seekg(static_cast<std::streamoff>(size - std::min(size, most)));
        std::ofstream(evidence / (guest.path().filename().string() + ".log"), std::ios::binary)
            << from.rdbuf();
        found = true;
    }
    return found;
}

}  // namespace

std::vector<int> guests_of(const fs::path& folder) {
    std::vector<int> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const auto pid = number_from<int>(entry.path().filename().native());
        if (!pid || !first_line(entry.path() / "comm").starts_with("qemu-system")) continue;
        if (first_line(entry.path() / "cmdline").find(folder.string() + "/") != std::string::npos)
            found.push_back(*pid);
    }
    return found;
}

RunFolder::RunFolder() : RunFolder(registry_lock()) {}

RunFolder::RunFolder(const FileLock&)
    : files_(runs_folder(), fmt::format("{}-", ::getpid())),
      sockets_("/tmp", "clamproof-"),
      alive_(lock_of(files_.path())) {
    let_through(files_.path());
    let_through(sockets_.path());
    write_file(note_of(files_.path()), sockets_.path().string() + "\n");
}

RunFolder::~RunFolder() {
    if (kill_guests_of(sockets_.path()).trouble.empty()) return;
    files_.keep();  // as the record of what is left, for the next one to clear up
    sockets_.keep();
}

EndedGuests kill_guests_of(const fs::path& folder) noexcept try {
    const auto found = guests_of(folder);
    for (int pid : found) ::kill(pid, SIGKILL);
    for (const Deadline deadline = Deadline::in(2); !deadline.passed() && !guests_of(folder).empty();)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    // Dead, but not reaped yet: whoever asks libvirt about it now waits for its next look, 200 ms later.
    const auto buried = [](int pid) { return ::kill(pid, 0) != 0; };
    for (const Deadline deadline = Deadline::in(0.1);
         !deadline.passed() && !std::all_of(found.begin(), found.end(), buried);)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EndedGuests ended = remove_containers_of(folder);
    ended.count += found.size();
    if (const auto left = guests_of(folder); !left.empty())
        ended.trouble = fmt::format("process {} (QEMU) does not die", left.front());
    return ended;
} catch (const std::exception& error) {
    return {.trouble = error.what()};
}

std::jthread end_guests_when(std::function<bool()> interrupted, const RunFolder& folder) {
    return std::jthread(
        [interrupted = std::move(interrupted), sockets = folder.sockets()](const std::stop_token& stop) {
            while (!stop.stop_requested() && !interrupted())
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            if (interrupted()) kill_guests_of(sockets);
        });
}

void end_hung_process(const std::string& words, const RunFolder& folder,
                      const std::function<void(const std::string&)>& say) noexcept {
    const fs::path evidence = cache_folder() / "failed-builds/hung";
    try {
        say(fmt::format("{}; its guests are ended, and process {} with them{}", words, ::getpid(),
                        keep_consoles(folder.files(), evidence)
                            ? fmt::format(" (their consoles are in {})", evidence.string())
                            : ""));
    } catch (const std::exception&) {  // it has to end in any case
    }
    kill_guests_of(folder.sockets());
    ::_exit(3);
}

void kill_guests_of_process(int pid) noexcept try {
    for (const auto& entry : fs::directory_iterator(runs_folder())) {
        if (!entry.path().filename().string().starts_with(fmt::format("{}-", pid))) continue;
        if (const std::string sockets = first_line(note_of(entry.path())); !sockets.empty())
            kill_guests_of(sockets);
    }
} catch (...) {
}

std::vector<std::string> reap_dead_runs() {
    std::vector<std::string> messages;
    const FileLock registry = registry_lock();
    for (const auto& entry : fs::directory_iterator(runs_folder())) {
        if (!entry.is_directory()) continue;
        const auto lock = FileLock::try_lock(lock_of(entry.path()));
        if (!lock) continue;
        const std::string sockets = first_line(note_of(entry.path()));
        const std::string owner = entry.path().filename().string();
        const std::string process = owner.substr(0, owner.find('-'));
        const EndedGuests ended =
            sockets.starts_with("/tmp/clamproof-") ? kill_guests_of(sockets) : EndedGuests();
        if (!ended.trouble.empty()) {
            messages.push_back(
                fmt::format("cannot clear up after process {}, which died, yet: {}", process, ended.trouble));
            continue;
        }
        if (!sockets.empty() && sockets.starts_with("/tmp/clamproof-")) remove_tree(sockets);
        remove_tree(entry.path());
        messages.push_back(fmt::format("cleared up after process {}, which died: {} ended", process,
                                       counted(ended.count, "guest")));
    }
    return messages;
}

}  // namespace clamproof
