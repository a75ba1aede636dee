#include "guest/accelerator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <sstream>

#include "guest/machine_key.h"
#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

// About what the probe takes on a host with KVM; the unit in which other hosts are measured.
constexpr double reference_seconds = 0.4;
constexpr double kvm_patience = 10;
constexpr double tcg_patience = 120;
constexpr double measurement_holds = 24 * 3600;
constexpr double failure_holds = 3600;
constexpr double largest_scale = 20;
// Of an emulated guest without a kernel to measure it with: as slow as any.
constexpr double unmeasured = largest_scale * reference_seconds;

AcceleratorProbe run_probe(Accelerator accelerator, const fs::path& kernel) {
    const bool kvm = accelerator == Accelerator::Kvm;
    if (kvm && ::access("/dev/kvm", F_OK) != 0) return {.why = "there is no /dev/kvm"};
    if (kvm && ::access("/dev/kvm", R_OK | W_OK) != 0)
        return {.why =
                    fmt::format("/dev/kvm may not be used ({}); join the group kvm", std::strerror(errno))};
    // Both end by themselves: a kernel without a root disk, and a BIOS without anything to boot from.
    const std::vector<std::string> guest =
        kernel.empty()
            ? std::vector<std::string>{"-boot",    "reboot-timeout=1",
                                       "-chardev", "stdio,id=words",
                                       "-device",  "isa-debugcon,iobase=0x402,chardev=words"}
            : std::vector<std::string>{"-kernel", kernel.string(), "-append", "console=ttyS0 quiet panic=-1",
                                       "-serial", "stdio"};
    std::vector<std::string> argv = {"qemu-system-x86_64",
                                     "-nodefaults",
                                     "-no-user-config",
                                     "-display",
                                     "none",
                                     "-no-reboot",
                                     "-machine",
                                     kvm ? "pc,accel=kvm" : "pc,accel=tcg",
                                     "-cpu",
                                     kvm ? "host" : "Nehalem",
                                     "-m",
                                     "256"};
    argv.insert(argv.end(), guest.begin(), guest.end());
    const ProcessResult result = run_process({.argv = argv, .deadline = kvm ? kvm_patience : tcg_patience});
    if (result.ok() &&
        result.out.find(kernel.empty() ? "No bootable device" : "Kernel panic") != std::string::npos)
        return {.runs = true, .seconds = kernel.empty() && !kvm ? unmeasured : result.seconds};
    if (result.timed_out)
        return {.why = fmt::format("a guest under {} printed {} within {:.0f} s", to_string(accelerator),
                                   result.out.empty() ? "nothing" : "no end",
                                   kvm ? kvm_patience : tcg_patience)};
    const std::string said = result.err.substr(0, result.err.find('\n'));
    return {.why = fmt::format("QEMU {}: {}", result.how_it_ended(), said)};
}

std::string this_system() {
    utsname host{};
    ::uname(&host);
    return fmt::format("{} {} {}", host.nodename, host.release, host.version);
}

// What is kept of one accelerator: a line "WHEN SECONDS WHY"; seconds are 0 where it does not run.
struct Kept {
    double when = 0;
    AcceleratorProbe probe;
};

std::optional<Kept> read_kept(const fs::path& file) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return std::nullopt;
    std::istringstream text(read_file(file));
    Kept kept;
    if (!(text >> kept.when >> kept.probe.seconds)) return std::nullopt;
    text >> std::ws;
    std::getline(text, kept.probe.why);
    kept.probe.runs = kept.probe.seconds > 0;
    return kept;
}

// The better of two: one may have met a busy host, or somebody's careless kill.
AcceleratorProbe probe_twice(Accelerator accelerator, const AcceleratorProbes& probes) {
    const AcceleratorProbe first = probes.run(accelerator), second = probes.run(accelerator);
    if (first.runs != second.runs) return first.runs ? first : second;
    return first.seconds <= second.seconds ? first : second;
}

AcceleratorProbe known_probe(Accelerator accelerator, const AcceleratorProbes& probes) {
    const bool kvm = accelerator == Accelerator::Kvm;
    const fs::path& file = kvm ? probes.file_of_kvm : probes.file_of_tcg;
    const auto kept = read_kept(file);
    const double age = kept ? probes.now() - kept->when : 0;
    if (kept && age >= 0 && age < (kept->probe.runs ? measurement_holds : failure_holds)) return kept->probe;
    const AcceleratorProbe probe = probe_twice(accelerator, probes);
    make_folder(file.parent_path());
    std::error_code ignored;
    if (probe.runs || kvm)
        write_file(
            file, fmt::format("{:.0f} {:.3f} {}\n", probes.now(), probe.runs ? probe.seconds : 0, probe.why));
    else
        fs::remove(file, ignored);
    return probe;
}

AcceleratorChoice chosen(Accelerator accelerator, const AcceleratorProbe& probe, const std::string& why) {
    return {.accelerator = accelerator,
            .why = why,
            .scale = std::clamp(probe.seconds / reference_seconds, 1.0, largest_scale)};
}

}  // namespace

std::string measurement_name(const MeasuredHost& host, Accelerator accelerator) {
    return sha256(fmt::format("2 {} {} {} {} {} {}", host.system, host.qemu, to_string(accelerator),
                              ::geteuid(), ::access("/dev/kvm", R_OK | W_OK),
                              host.kernel.empty() ? "BIOS" : sha256_file(host.kernel)));
}

AcceleratorChoice choose_accelerator(const std::string& wanted, const AcceleratorProbes& probes) {
    std::string why_not_kvm;
    if (wanted != "tcg") {
        const AcceleratorProbe kvm = known_probe(Accelerator::Kvm, probes);
        if (kvm.runs) return chosen(Accelerator::Kvm, kvm, "");
        if (wanted == "kvm")
            throw InfraError(
                fmt::format("KVM was demanded by --accel kvm, but {}; use --accel auto to emulate", kvm.why));
        why_not_kvm = kvm.why;
    }
    const AcceleratorProbe tcg = known_probe(Accelerator::Tcg, probes);
    if (!tcg.runs) throw InfraError("this host cannot run any guest: " + tcg.why + "; see clamproof doctor");
    return chosen(Accelerator::Tcg, tcg, why_not_kvm);
}

AcceleratorChoice choose_accelerator(const std::string& wanted, CpuLevel cpu,
                                     const std::vector<std::string>& missing,
                                     const AcceleratorProbes& probes) {
    if (wanted == "tcg" || missing.empty()) return choose_accelerator(wanted, probes);
    const std::string why = fmt::format("the guest is made for {}, and this host's processor lacks {}",
                                        to_string(cpu), fmt::join(missing, ", "));
    if (wanted == "kvm")
        throw InfraError(
            fmt::format("KVM was demanded by --accel kvm, but {}; use --accel auto to emulate", why));
    AcceleratorChoice choice = choose_accelerator("tcg", probes);
    choice.why = why;
    return choice;
}

AcceleratorChoice choose_accelerator(const std::string& wanted, const fs::path& kernel, CpuLevel cpu) {
    const fs::path folder = cache_folder() / "accelerators";
    const MeasuredHost host{.system = this_system(), .qemu = qemu_version(), .kernel = kernel};
    const auto now = [] {
        return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    };
    return choose_accelerator(wanted, cpu, missing_cpu_features(cpu),
                              {.run = [&](Accelerator one) { return run_probe(one, kernel); },
                               .now = now,
                               .file_of_kvm = folder / measurement_name(host, Accelerator::Kvm),
                               .file_of_tcg = folder / measurement_name(host, Accelerator::Tcg)});
}

}  // namespace clamproof
