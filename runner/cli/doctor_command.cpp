#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/selection.h"
#include "guest/accelerator.h"
#include "guest/hypervisor.h"
#include "guest/run_folder.h"
#include "image/installed.h"
#include "image/package_pool.h"
#include "image/store.h"
#include "image/warm_state.h"
#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

// Counts what is wrong, and prints each finding as it is made.
class Examination {
  public:
    void good(const std::string& text) { fmt::print("ok       {}\n", text); }
    void note(const std::string& text) { fmt::print("note     {}\n", text); }
    void bad(const std::string& text, const std::string& mend) {
        ++wrong_;
        fmt::print("missing  {}\n         mend: {}\n", text, mend);
    }
    int wrong() const { return wrong_; }

  private:
    int wrong_ = 0;
};

void examine_tools(Examination& examination) {
    for (const char* tool :
         {"qemu-system-x86_64", "qemu-img", "mmdebstrap", "mke2fs", "debugfs", "chroot", "zstd"}) {
        const std::string path = find_program(tool);
        if (path.empty()) {
            examination.bad(tool, "ci/packages");
        } else {
            examination.good(path);
        }
    }
}

void examine_hypervisor(const Settings& settings, Examination& examination) try {
    RunFolder folder;
    const Hypervisor hypervisor(settings.connect.empty() ? embedded_uri(folder.sockets()) : settings.connect);
    examination.good(fmt::format("libvirt {} with {}", hypervisor.libvirt_version(), hypervisor.version()));
} catch (const InfraError& error) {
    examination.bad(error.what(), "ci/packages");
}

// With any kernel that is at hand: one of a built image, else the host's own.
fs::path some_kernel() {
    for (const auto& entry : ImageStore().entries())
        if (fs::exists(entry.kernel())) return entry.kernel();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/boot", ignored))
        if (entry.path().filename().string().starts_with("vmlinuz") &&
            ::access(entry.path().c_str(), R_OK) == 0)
            return entry.path();
    return {};
}

void examine_accelerator(const Settings& settings, Examination& examination) try {
    const fs::path kernel = some_kernel();
    if (kernel.empty()) {
        examination.note("KVM is tried when the first image is built: there is no kernel to try it with yet");
        return;
    }
    const AcceleratorChoice choice = choose_accelerator(settings.accelerator, kernel);
    if (choice.accelerator == Accelerator::Kvm) {
        examination.good("KVM runs guests");
    } else {
        examination.note(fmt::format("guests are emulated, {:.0f} times slower than with KVM: {}",
                                     choice.scale, choice.why.empty() ? "asked for" : choice.why));
    }
} catch (const InfraError& error) {
    examination.bad(error.what(), "see the sentence");
}

void examine_space(Examination& examination) {
    const ImageStore store;
    const auto free = free_mib(store.folder());
    const std::string text = fmt::format("{} MiB free in {}", free, store.folder().string());
    if (free < 8000) {
        examination.bad(text + "; four images need about 8000",
                        "clamproof gc, or set XDG_CACHE_HOME elsewhere");
    } else {
        examination.good(text);
    }
}

// What a build or an import makes before it is complete, where nobody is at it any more.
void remove_if_left(const ImageStore& store, const fs::directory_entry& leftover) {
    const std::string name = leftover.path().filename();
    for (const char* work : {"building", "importing"}) {
        const auto at = name.find(fmt::format(".{}-", work));
        if (!leftover.is_directory() || at == std::string::npos || at == 0) continue;
        const std::string image = name.substr(1, at - 1);
        const auto lock = FileLock::try_lock(store.lock_file(image));
        if (!lock) continue;
        remove_tree(leftover.path());
        fmt::print("removed what an interrupted {} of {} left\n",
                   work == std::string("building") ? "build" : "import", image);
    }
}

// @returns MiB
std::uint64_t remove_outdated_states(const ImageStore& store, const StoreEntry& entry) {
    const auto before = entry.size_mib();
    const auto lock = FileLock::try_lock(store.lock_file(entry.name));
    if (!lock) return 0;
    for (const auto& folder : outdated_warm_states(entry)) {
        remove_tree(folder);
        fmt::print("removed a warm state of {} that a later one took the place of\n", entry.name);
    }
    for (const auto& folder : forgotten_layers(entry)) {
        remove_tree(folder);
        fmt::print("removed packages installed over {} that nobody asked for in a week\n", entry.name);
    }
    return before - entry.size_mib();
}

}  // namespace

int doctor_command(const Settings& settings) {
    Examination examination;
    examine_tools(examination);
    if (::geteuid() == 0) {
        examination.good("root: may build images");
    } else {
        examination.note("not root: images that are stored can be run; building one needs root");
    }
    examine_hypervisor(settings, examination);
    examine_accelerator(settings, examination);
    examine_space(examination);
    fmt::print("{}\n", examination.wrong() == 0 ? "this host can run clamproof"
                                                : "this host cannot run clamproof yet");
    return examination.wrong() == 0 ? 0 : 3;
}

int gc_command(const Settings& settings) {
    for (const auto& words : reap_dead_runs()) fmt::print("{}\n", words);
    const ImageStore store;
    const auto names = image_names(settings.images);
    std::uint64_t freed = 0;
    for (const auto& entry : store.entries()) {
        const bool wanted = std::find(names.begin(), names.end(), entry.name) != names.end() &&
                            load_image(settings.images, entry.name).digest == entry.digest;
        if (wanted) {
            freed += remove_outdated_states(store, entry);
            continue;
        }
        const auto size = entry.size_mib();
        remove_tree(entry.folder);
        freed += size;
        fmt::print("removed {} ({}), which no definition asks for: {} MiB\n", entry.name, entry.digest, size);
    }
    for (const auto& leftover : fs::directory_iterator(store.folder())) remove_if_left(store, leftover);
    if (const auto bytes = PackagePool::remove_others(store.package_digests()); bytes > 0) {
        fmt::print("removed packages of which no image is made: {} MiB\n", bytes >> 20);
        freed += bytes >> 20;
    }
    fmt::print("{} MiB freed\n", freed);
    return 0;
}

}  // namespace clamproof
