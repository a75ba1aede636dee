#include "guest/embedded.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <libvirt/libvirt.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include "support/text.h"

namespace clamproof {
namespace {

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

void reap_dead() {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const auto pid = number_from<pid_t>(entry.path().filename().native());
        if (pid && is_dead_orphan(entry.path())) ::waitpid(*pid, nullptr, WNOHANG);
    }
}

}  // namespace

// "file": with the default the driver waits for virtlogd, which nobody starts. The rest asks for nothing that
// needs a daemon or a cgroup. The sandbox, of all its parts, is what libvirt asks of every QEMU that has one.
void prepare_embedded_root(const fs::path& root, const std::optional<QemuUser>& user) {
    make_folder(root / "etc");
    std::string conf =
        "stdio_handler = \"file\"\n"
        "security_driver = \"none\"\n"
        "dynamic_ownership = 0\n"
        "remember_owner = 0\n"
        "namespaces = []\n"
        "cgroup_controllers = []\n";
    if (user) {
        conf += fmt::format("user = \"+{}\"\ngroup = \"+{}\"\n", user->user, user->group);
    } else if (::geteuid() == 0) {
        conf += "user = \"root\"\ngroup = \"root\"\n";
    }
    write_file(root / "etc/qemu.conf", conf);
    const fs::path shared = cache_folder() / "libvirt";
    make_folder(shared);
    std::error_code ignored;
    fs::create_directory_symlink(shared, root / "cache", ignored);
}

void register_libvirt_files() {
    // What libvirt calls itself when it loads a module; not public, so it may be gone in some version.
    using Update = void (*)(const char* file);
    const auto update = reinterpret_cast<Update>(::dlsym(RTLD_DEFAULT, "virUpdateSelfLastChanged"));
    Dl_info library{};
    if (!update || ::dladdr(reinterpret_cast<void*>(&virInitialize), &library) == 0) return;
    std::error_code none;
    const fs::path folder = fs::canonical(library.dli_fname, none).parent_path() / "libvirt/storage-file";
    for (const auto& file : fs::directory_iterator(folder, none)) update(file.path().c_str());
}

PinnedThread::PinnedThread() {
    if (sched_getaffinity(0, sizeof allowed_, &allowed_) != 0) return;
    int first = 0;
    while (!CPU_ISSET(first, &allowed_)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    pinned_ = sched_setaffinity(0, sizeof one, &one) == 0;
}

PinnedThread::~PinnedThread() {
    if (pinned_) sched_setaffinity(0, sizeof allowed_, &allowed_);
}

void reap_orphans() {
    static std::once_flag once;
    std::call_once(once, [] {
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        std::thread([] {
            for (;;) {
                // Sleeps until some child is dead, and leaves it there: it may be somebody else's to reap.
                siginfo_t info{};
                const bool some = ::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0;
                if (some) reap_dead();
                std::this_thread::sleep_for(std::chrono::milliseconds(some ? 5 : 50));
            }
        }).detach();
    });
}

}  // namespace clamproof
