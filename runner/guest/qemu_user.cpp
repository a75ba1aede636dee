#include "guest/qemu_user.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <future>

#include "support/confined.h"

namespace clamproof {
namespace {

constexpr const char* kvm = "/dev/kvm";

bool may_be_entered(const fs::path& folder) {
    struct stat info {};
    return ::stat(folder.c_str(), &info) == 0 && (info.st_mode & S_IXOTH) != 0;
}

// The topmost folder above the cache that others may not enter; empty where there is none.
fs::path closed_folder_above(const fs::path& cache) {
    fs::path here = "/";
    for (const auto& part : cache.parent_path().relative_path())
        if (!may_be_entered(here /= part)) return here;
    return {};
}

constexpr const char* tmpfs_options = "mode=0711,size=64k";

// QEMU's user may not enter root's home: there is nothing left of it but the cache.
void lay_open(const fs::path& cache) {
    const fs::path closed = closed_folder_above(cache);
    if (closed.empty()) return;
    const Fd own(::open(cache.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (::mount("clamproof", closed.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, tmpfs_options) != 0) return;
    make_folder(cache, fs::perms{0711});
    ::mount(fmt::format("/proc/self/fd/{}", own.get()).c_str(), cache.c_str(), nullptr, MS_BIND | MS_REC,
            nullptr);
}

// Hosts differ in who may use KVM: of many it is one group, of some root alone.
void lend_kvm(const fs::path& cache) {
    struct stat info {};
    if (::stat(kvm, &info) != 0) return;
    const fs::path place = cache / "devices", node = place / "kvm";
    make_folder(place);
    if (::mount("clamproof", place.c_str(), "tmpfs", MS_NOSUID | MS_NOEXEC, tmpfs_options) == 0 &&
        ::mknod(node.c_str(), S_IFCHR | 0600, info.st_rdev) == 0 &&
        ::chown(node.c_str(), nobody, nobody) == 0)
        ::mount(node.c_str(), kvm, nullptr, MS_BIND, nullptr);
}

// What this process may not do is left undone: choose_qemu_user sees what comes of it.
void enter_qemus_namespace() {
    std::error_code error;
    const fs::path cache = fs::canonical(cache_folder(), error);
    if (error || ::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        return;
    lay_open(cache);
    lend_kvm(cache);
}

// Of this thread alone: the C library's calls would change all of them.
bool become(const QemuUser& user) {
    return ::syscall(SYS_setgroups, 0, nullptr) == 0 &&
           ::syscall(SYS_setresgid, user.group, user.group, user.group) == 0 &&
           ::syscall(SYS_setresuid, user.user, user.user, user.user) == 0;
}

// Told by that user.
std::string hindrance(bool has_kvm) {
    if (::access(cache_folder().c_str(), X_OK) != 0)
        return fmt::format(
            "another user cannot reach {} (set XDG_CACHE_HOME to a folder that can be reached)",
            cache_folder().string());
    if (has_kvm && ::access(kvm, R_OK | W_OK) != 0) return "another user may not use /dev/kvm";
    return "";
}

}  // namespace

QemuUserChoice choose_qemu_user() {
    if (::geteuid() != 0) return {};
    make_folder(cache_folder());
    let_through(cache_folder());
    const QemuUser user{.user = nobody, .group = nobody};
    const bool has_kvm = ::access(kvm, R_OK | W_OK) == 0;
    std::string why = "this process may not become another user";
    where_qemu_may_look([&] { as_user(user, [&] { why = hindrance(has_kvm); }); });
    if (!why.empty()) return {.why_not = why};
    return {.user = user};
}

void as_user(const QemuUser& user, const std::function<void()>& act) {
    const int may_be_traced = ::prctl(PR_GET_DUMPABLE);
    std::async(std::launch::async, [&] {
        if (become(user)) act();
    }).get();
    ::prctl(PR_SET_DUMPABLE, may_be_traced);  // no longer, once a thread has been another user's
}

void where_qemu_may_look(const std::function<void()>& act) {
    std::async(std::launch::async, [&] {
        enter_qemus_namespace();
        act();
    }).get();
}

}  // namespace clamproof
