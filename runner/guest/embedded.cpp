#include "guest/embedded.h"

#include <dlfcn.h>
#include <libvirt/libvirt.h>
#include <unistd.h>

namespace clamproof {

// "file": with the default the driver waits for virtlogd, which nobody starts. The rest asks for nothing that
// needs a daemon, a cgroup or another user.
void prepare_embedded_root(const fs::path& root) {
    make_folder(root / "etc");
    std::string conf =
        "stdio_handler = \"file\"\n"
        "security_driver = \"none\"\n"
        "dynamic_ownership = 0\n"
        "remember_owner = 0\n"
        "namespaces = []\n"
        "cgroup_controllers = []\n";
    if (::geteuid() == 0) conf += "user = \"root\"\ngroup = \"root\"\n";
    write_file(root / "etc/qemu.conf", conf);
    const fs::path shared = cache_folder() / "libvirt";
    make_folder(shared);
    std::error_code ignored;
    fs::create_directory_symlink(shared, root / "cache", ignored);
}

void tell_libvirt_of_its_files() {
    // What libvirt calls itself when it loads a module; not public, so it may be gone in some version.
    using Update = void (*)(const char* file);
    const auto update = reinterpret_cast<Update>(::dlsym(RTLD_DEFAULT, "virUpdateSelfLastChanged"));
    Dl_info library{};
    if (!update || ::dladdr(reinterpret_cast<void*>(&virInitialize), &library) == 0) return;
    std::error_code none;
    const fs::path folder = fs::canonical(library.dli_fname, none).parent_path() / "libvirt/storage-file";
    for (const auto& file : fs::directory_iterator(folder, none)) update(file.path().c_str());
}

OnOneCpu::OnOneCpu() {
    if (sched_getaffinity(0, sizeof allowed_, &allowed_) != 0) return;
    int first = 0;
    while (!CPU_ISSET(first, &allowed_)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    pinned_ = sched_setaffinity(0, sizeof one, &one) == 0;
}

OnOneCpu::~OnOneCpu() {
    if (pinned_) sched_setaffinity(0, sizeof allowed_, &allowed_);
}

}  // namespace clamproof
