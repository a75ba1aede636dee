#include "guest/accelerator.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

// About what the probe takes on a host with KVM; the unit in which other hosts are measured.
constexpr double reference_seconds = 0.4;
constexpr double kvm_patience = 10;
constexpr double tcg_patience = 120;

struct Probe {
    bool runs = false;
    double seconds = 0;
    std::string why{};  // in words, where it does not run
};

Probe run_probe(Accelerator accelerator, const fs::path& kernel) {
    const bool kvm = accelerator == Accelerator::Kvm;
    if (kvm && ::access("/dev/kvm", F_OK) != 0) return {.why = "there is no /dev/kvm"};
    if (kvm && ::access("/dev/kvm", R_OK | W_OK) != 0)
        return {.why =
                    fmt::format("/dev/kvm may not be used ({}); join the group kvm", std::strerror(errno))};
    const ProcessResult result =
        run_process({.argv = {"qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
                              "-no-reboot", "-machine", kvm ? "pc,accel=kvm" : "pc,accel=tcg", "-cpu",
                              kvm ? "host" : "Nehalem", "-m", "256", "-kernel", kernel.string(), "-append",
                              "console=ttyS0 quiet panic=-1", "-serial", "stdio"},
                     .deadline = kvm ? kvm_patience : tcg_patience});
    if (result.ok() && result.out.find("Kernel panic") != std::string::npos)
        return {.runs = true, .seconds = result.seconds};
    if (result.timed_out)
        return {.why = fmt::format("a guest under {} printed {} within {:.0f} s", to_string(accelerator),
                                   result.out.empty() ? "nothing" : "no end",
                                   kvm ? kvm_patience : tcg_patience)};
    const std::string words = result.err.substr(0, result.err.find('\n'));
    return {.why = fmt::format("QEMU {}: {}", result.how_it_ended(), words)};
}

std::string host_key(Accelerator accelerator, const fs::path& kernel) {
    utsname host{};
    ::uname(&host);
    const ProcessResult qemu =
        run_checked("asking QEMU for its version", {.argv = {"qemu-system-x86_64", "--version"}});
    return sha256(fmt::format("{} {} {} {} {} {} {} {}", host.nodename, host.release, host.version, qemu.out,
                              to_string(accelerator), ::geteuid(), ::access("/dev/kvm", R_OK | W_OK),
                              sha256_file(kernel)));
}

// One line a host: runs, seconds, why.
Probe remembered_probe(Accelerator accelerator, const fs::path& kernel) {
    const fs::path memory = cache_folder() / "accelerators";
    make_folder(memory);
    const fs::path file = memory / host_key(accelerator, kernel);
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
        std::istringstream text(read_file(file));
        Probe probe;
        text >> probe.runs >> probe.seconds >> std::ws;
        std::getline(text, probe.why);
        return probe;
    }
    const Probe probe = run_probe(accelerator, kernel);
    write_file(file, fmt::format("{:d} {:.3f} {}\n", probe.runs, probe.seconds, probe.why));
    return probe;
}

AcceleratorChoice chosen(Accelerator accelerator, const Probe& probe, const std::string& why) {
    return {
        .accelerator = accelerator, .why = why, .scale = std::max(1.0, probe.seconds / reference_seconds)};
}

}  // namespace

AcceleratorChoice choose_accelerator(const std::string& wanted, const fs::path& kernel) {
    std::string why_not_kvm;
    if (wanted != "tcg") {
        const Probe kvm = remembered_probe(Accelerator::Kvm, kernel);
        if (kvm.runs) return chosen(Accelerator::Kvm, kvm, "");
        if (wanted == "kvm")
            throw InfraError(
                fmt::format("KVM was demanded by --accel kvm, but {}; use --accel auto to emulate", kvm.why));
        why_not_kvm = kvm.why;
    }
    const Probe tcg = remembered_probe(Accelerator::Tcg, kernel);
    if (!tcg.runs) throw InfraError("this host cannot run any guest: " + tcg.why + "; see clamproof doctor");
    return chosen(Accelerator::Tcg, tcg, why_not_kvm);
}

}  // namespace clamproof
