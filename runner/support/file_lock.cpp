#include "support/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "support/clock.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr double silent_wait = 1;  // seconds
constexpr auto look_every = std::chrono::milliseconds(50);
constexpr std::size_t longest_command = 120;

Fd open_lock(const fs::path& path, FileLock::Kind kind) {
    // On a network file system the kind of lock has to be a kind of access.
    const int access = kind == FileLock::Kind::Shared ? O_RDONLY : O_RDWR;
    Fd fd(::open(path.c_str(), access | O_CREAT | O_CLOEXEC, 0644));
    if (!fd)
        throw InfraError(fmt::format("cannot open the lock {}: {}", path.string(), std::strerror(errno)));
    return fd;
}

bool lock_now(const Fd& fd, const fs::path& path, FileLock::Kind kind) {
    while (::flock(fd.get(), LOCK_NB | (kind == FileLock::Kind::Shared ? LOCK_SH : LOCK_EX)) != 0) {
        if (errno == EWOULDBLOCK) return false;
        if (errno != EINTR)
            throw InfraError(fmt::format("cannot lock {}: {}", path.string(), std::strerror(errno)));
    }
    return true;
}

std::string process_file(int pid, const char* name) {
    return fmt::format("/proc/{}/{}", pid, name);
}

int parent_of(int pid) {
    std::ifstream file(process_file(pid, "stat"));
    std::string line;
    std::getline(file, line);  // "PID (NAME) STATE PPID …", proc(5)
    std::istringstream rest(line.substr(std::min(line.size(), line.rfind(')') + 1)));
    char state = 0;
    int parent = 0;
    rest >> state >> parent;
    return parent;
}

fs::path program_of(int pid) {
    std::error_code unreadable;
    return fs::read_symlink(process_file(pid, "exe"), unreadable);
}

int begun_by_a_person(int pid) {
    for (int parent = parent_of(pid); parent > 1 && !program_of(pid).empty(); parent = parent_of(pid)) {
        if (program_of(parent) != program_of(pid)) break;
        pid = parent;
    }
    return pid;
}

std::string described(int pid) {
    std::ifstream file(process_file(pid, "cmdline"));
    std::string command;
    for (std::string word; std::getline(file, word, '\0') && command.size() < longest_command;)
        command += (command.empty() ? fs::path(word).filename().string() : " " + word);
    if (command.size() > longest_command) command = command.substr(0, longest_command) + "…";
    return command.empty() ? fmt::format("process {}", pid)
                           : fmt::format("process {} ({})", pid, terminal_text(command));
}

// The kernel's list names holders of shared locks, too, and needs no cleaning up after those that die.
std::set<int> pids_with(const fs::path& lock) {
    struct stat info {};
    if (::stat(lock.c_str(), &info) != 0) return {};
    const std::string wanted =
        fmt::format("{:02x}:{:02x}:{}", major(info.st_dev), minor(info.st_dev), info.st_ino);
    std::set<int> pids;
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words(line);  // "1: FLOCK ADVISORY WRITE 22117 fe:00:11468900 0 EOF", proc(5)
        std::string number, type, mode, access, place;
        int pid = 0;
        if (words >> number >> type >> mode >> access >> pid >> place && place == wanted && pid > 0)
            pids.insert(begun_by_a_person(pid));
    }
    return pids;
}

}  // namespace

FileLock::FileLock(const fs::path& path, Kind kind, const LockWait& wait) : fd_(open_lock(path, kind)) {
    const Stopwatch watch;
    for (bool told = false; !lock_now(fd_, path, kind); std::this_thread::sleep_for(look_every)) {
        if (wait.cancelled())
            throw InfraError(fmt::format("interrupted: {} by {}", wait.what, holders_of(path)));
        if (told || watch.seconds() < silent_wait) continue;
        wait.say(fmt::format("{} by {}; waiting for that to end", wait.what, holders_of(path)));
        told = true;
    }
}

std::optional<FileLock> FileLock::try_lock(const fs::path& path, Kind kind) {
    Fd fd = open_lock(path, kind);
    if (!lock_now(fd, path, kind)) return std::nullopt;
    return FileLock(std::move(fd));
}

std::string holders_of(const fs::path& lock) {
    std::vector<std::string> holders;
    for (const int pid : pids_with(lock)) holders.push_back(described(pid));
    return holders.empty() ? "another process" : fmt::format("{}", fmt::join(holders, " and "));
}

}  // namespace clamproof
