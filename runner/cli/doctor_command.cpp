#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <set>
#include <string>

#include "cli/commands.h"
#include "guest/accelerator.h"
#include "guest/container_engine.h"
#include "guest/hypervisor.h"
#include "guest/machine_key.h"
#include "guest/run_folder.h"
#include "image/container_kind.h"
#include "image/store.h"
#include "results/exit_code.h"
#include "support/confined.h"
#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

// Counts what is wrong, and prints each finding as it is made.
class Examination {
  public:
    void good(const std::string& text) { fmt::print("ok       {}\n", terminal_text(text)); }
    void note(const std::string& text) { fmt::print("note     {}\n", terminal_text(text)); }
    /// What several parts of the host lack for one reason is told once. @param mend a command; empty where
    /// the text says what to do
    void bad(const std::string& text, const std::string& mend = "") {
        if (!wrong_.insert(text).second) return;
        fmt::print("missing  {}\n", terminal_text(text));
        if (!mend.empty()) fmt::print("         mend: {}\n", mend);
    }
    bool all_is_well() const { return wrong_.empty(); }

  private:
    std::set<std::string> wrong_;
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
    if (settings.connect.empty()) require_supported(installed_versions());
    RunFolder folder;
    const Hypervisor hypervisor(
        settings.connect.empty() ? embedded_uri(folder.sockets()) : settings.connect,
        {.on_hang = [&](const std::string& words) { end_hung_process(words, folder, say); }});
    examination.good(fmt::format("libvirt {} with {}", libvirt_version(), hypervisor.version()));
} catch (const InfraError& error) {
    examination.bad(error.what());
}

void examine_user_of_qemu(const Settings& settings, Examination& examination) {
    if (!settings.connect.empty() || ::geteuid() != 0)
        return;  // it is not this process's to choose, or its own
    const QemuUserChoice choice = choose_qemu_user();
    if (choice.user) {
        examination.good(fmt::format("QEMU runs as user {}, in a sandbox, with bounded memory and files",
                                     choice.user->user));
    } else {
        examination.note(fmt::format("QEMU runs as root: {}", choice.why_not));
    }
}

void examine_sandbox(Examination& examination) {
    if (has_sandbox()) {
        examination.good("what guests and archives wrote of packages is read in a sandbox");
    } else if (::geteuid() == 0) {
        examination.bad("a sandbox to look at packages in: this host gives root no namespaces");
    } else {
        examination.note(
            "packages are looked at with this user's rights: this host lets a user make no sandbox");
    }
}

void examine_accelerator(const Settings& settings, Examination& examination) try {
    const fs::path kernel = ImageStore().some_kernel();
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
    examination.bad(error.what());
}

// Whether a container runs here is tried with the first image there is.
void examine_containers(Examination& examination) try {
    const ContainerEngine installed = installed_engine();
    for (const auto& entry : ImageStore().entries())
        if (fs::exists(entry.rootfs()) && installed.has_image(engine_image(entry))) {
            const ContainerEngine engine = working_engine(installed, engine_image(entry));
            examination.good(engine.name() + " runs containers");
            if (const auto missing = missing_bounds(engine); !missing.empty())
                examination.note(fmt::format("{} here cannot bound a container's {}", engine.name(),
                                             fmt::join(missing, ", ")));
            if (engine.root_of_containers() != 0)
                examination.note("containers that run systemd share this host's users: their root is root");
            return;
        }
    examination.note(fmt::format("{}: tried when the first image of a container is built", installed.name()));
} catch (const InfraError& error) {
    examination.note(
        fmt::format("images that are containers cannot be used: {} (ci/packages)", error.what()));
}

void examine_space(Examination& examination) try {
    const ImageStore store;
    const auto free = free_mib(store.folder());
    const std::string text = fmt::format("{} MiB free in {}", free, store.folder().string());
    if (free < 8000) {
        examination.bad(text + "; the images that are run by default need about 8000",
                        "clamproof gc, or set XDG_CACHE_HOME elsewhere");
    } else {
        examination.good(text);
    }
} catch (const InfraError& error) {
    examination.bad(error.what());
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
    examine_user_of_qemu(settings, examination);
    examine_sandbox(examination);
    examine_accelerator(settings, examination);
    examine_containers(examination);
    examine_space(examination);
    fmt::print("this host {}\n",
               examination.all_is_well() ? "can run clamproof" : "cannot run clamproof yet");
    return examination.all_is_well() ? Exit::AsExpected : Exit::HarnessTrouble;
}

}  // namespace clamproof
