#include "guest/orphans.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include "support/text.h"

namespace clamproof {
namespace {

namespace fs = std::filesystem;

// A daemon has left this process's session; a child that libvirt itself started and waits for has not.
bool is_dead_orphan(const fs::path& process) {
    std::ifstream file(process / "stat");
    std::string line;
    std::getline(file, line);  // "PID (NAME) STATE PPID PGRP SESSION …", proc(5)
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return false;
    // The second is what stays with a container of podman's.
    if (line.find("(qemu-system") == std::string::npos && line.find("(conmon)") == std::string::npos)
        return false;
    std::istringstream rest(line.substr(name_end + 1));
    char state = 0;
    pid_t parent = 0, group = 0, session = 0;
    rest >> state >> parent >> group >> session;
    return state == 'Z' && parent == ::getpid() && session != ::getsid(0);
}

void bury() {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const auto pid = number_from<pid_t>(entry.path().filename().native());
        if (pid && is_dead_orphan(entry.path())) ::waitpid(*pid, nullptr, WNOHANG);
    }
}

}  // namespace

void bury_orphaned_guests() {
    static std::once_flag once;
    std::call_once(once, [] {
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        std::thread([] {
            for (;;) {
                // Sleeps until some child is dead, and leaves it there: it may be somebody else's to reap.
                siginfo_t info{};
                const bool some = ::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0;
                if (some) bury();
                std::this_thread::sleep_for(std::chrono::milliseconds(some ? 5 : 50));
            }
        }).detach();
    });
}

}  // namespace clamproof
