#include "image/build/cloud.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "guest/accelerator.h"
#include "guest/overlay.h"
#include "guest/vm.h"
#include "image/build/mirrors.h"
#include "image/download/cloud_image.h"
#include "image/settle.h"
#include "support/archive.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

// Seconds on a host with KVM, as every deadline of a script.
constexpr double guest_step_deadline = 60;
constexpr double guest_install_deadline = 600;
constexpr double shutdown_deadline = 30;
// With cloud-init, and what the control shell needs from the network. Every line of its bootstrap is on the
// console.
constexpr BootPatience boot_patience = {.silence = 180, .longest = 1200};
constexpr double copy_deadline = 600;

constexpr const char* label = "CIDATA";  // by which cloud-init finds it

bool is_left_out(const fs::path& path, const std::vector<std::string>& leave_out) {
    return std::any_of(leave_out.begin(), leave_out.end(), [&](const fs::path& left) {
        return std::mismatch(left.begin(), left.end(), path.begin(), path.end()).first == left.end();
    });
}

// Path in the guest → file here; of two trees the later one counts.
std::map<fs::path, fs::path> files_of(const ImageDefinition& image) {
    std::map<fs::path, fs::path> files;
    for (const auto& tree : image.files) {
        const fs::path root = image.part("files" / fs::path(tree));
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            const fs::path path = fs::relative(entry.path().parent_path(), root) / entry.path().filename();
            if (!fs::is_directory(entry.symlink_status()) &&
                !is_left_out(path.lexically_normal(), image.leave_out))
                files[path.lexically_normal()] = entry.path();
        }
    }
    return files;
}

void add_files(IsoImage& seed, const ImageDefinition& image) {
    for (const auto& [path, file] : files_of(image)) {
        const std::string name = "files/" + path.string();
        const auto status = fs::symlink_status(file);
        const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
        if (fs::is_symlink(status))
            seed.add_link(name, fs::read_symlink(file));
        else
            seed.add(name, read_file(file), executable ? 0755 : 0644);
    }
}

// The disk that brings clamproof into a guest: a seed as cloud-init's NoCloud looks for, with no network
// service behind it.
//
//     user-data meta-data      what cloud-init runs: images/cloud/bootstrap.sh
//     network-config           what cloud-init brings the network card up by, where the definition says so
//     files/…                  the definition's trees, one over the other
//     provision.sh             how the guest's package manager installs $PACKAGES from the network
//     first-packages           what the control shell needs
void write_seed(const fs::path& file, const ImageDefinition& image) {
    IsoImage seed(file, label);
    seed.add("meta-data", fmt::format("instance-id: clamproof-{}\nlocal-hostname: guest\n", image.digest));
    seed.add("user-data", read_file(image.part("cloud/bootstrap.sh")), 0755);
    seed.add("provision.sh", proxies_for_guests() + read_file(package_manager_script(image, "provision.sh")),
             0755);
    seed.add("first-packages", fmt::format("{}\n", fmt::join(image.cloud->first_packages, " ")));
    if (!image.cloud->network_config.empty())
        seed.add("network-config", read_file(image.part("cloud" / fs::path(image.cloud->network_config))));
    add_files(seed, image);
    seed.close();
}

// What the image is provisioned in, whatever its guests get.
Machine provisioning_machine(const ImageDefinition& image, Accelerator accelerator, const fs::path& seed) {
    return {.name = "clamproof-" + image.name,
            .uuid = uuid_from("provisioning " + image.name + image.digest),
            .accelerator = accelerator,
            .memory_mib = build_memory_mib(image),
            .vcpus = image.vcpus,
            .cpu = image.cpu,
            .boot = image.cloud->firmware == "uefi" ? Boot::Uefi : Boot::Bios,
            .kernel = {},
            .initrd = {},
            .kernel_line = "",
            .seed = seed,
            .network = true};
}

// Where a build that has failed left its guest's disk and seed.
fs::path unfinished_folder(const ImageDefinition& image) {
    return failed_build_folder(image.name) / "unfinished";
}
constexpr const char* unfinished_disk = "disk.qcow2";
constexpr const char* seed_name = "seed.iso";

// One build under way.
class CloudBuild {
  public:
    CloudBuild(const ImageDefinition& image, const fs::path& work, const Workshop& with)
        : image_(image),
          work_(work),
          options_(with.options),
          kernel_(with.store.some_kernel()),
          choice_(choose_accelerator(with.accelerator, kernel_, image.cpu)),
          vms_(with.hypervisor, with.folder, provisioning_machine(image, choice_.accelerator, seed()),
               layer(), choice_.scale, boot_patience) {}

    void run() {
        const fs::path image = fetch();
        write_seed(seed(), image_);
        make_overlay(layer(), image);
        grow(layer());
        say("booting with a seed and a way out");
        guest_ = boot();
        try {
            provision();
        } catch (const InfraError& error) {
            guest_->diagnose(failed_build_folder(image_.name));
            if (options_.cancelled() || !keep_unfinished()) throw;
            throw InfraError(fmt::format("{}\nwith its disk as it was: clamproof shell {} --at {}",
                                         error.what(), image_.name, at_provisioning));
        }
        say("shutting down, which closes the way out");
        take_disk(guest_->shut_down(shutdown_deadline), work_ / "disk.qcow2");
        remove_tree(unfinished_folder(image_));
        guest_.reset();
        fs::remove(layer());
        fs::remove(seed());
        SealedFolder::seal(work_, {"disk.qcow2", "vmlinuz", "initrd", "lock.json"});
    }

  private:
    void say(const std::string& step, std::optional<double> fraction = {}) {
        if (options_.cancelled()) throw InfraError("interrupted");
        options_.progress({.step = step, .fraction = fraction, .seconds = watch_.seconds()});
    }

    std::unique_ptr<Guest> boot() try { return vms_.open(); } catch (const GuestLost& lost) {
        if (choice_.accelerator != Accelerator::Kvm || !kernel_.empty()) throw;
        throw GuestLost(
            fmt::format("{}\nKVM has run a BIOS on this host, and no kernel yet: where it cannot, "
                        "--accel tcg emulates",
                        lost.what()));
    }

    fs::path seed() const { return work_ / seed_name; }
    fs::path layer() const { return work_ / "layer.qcow2"; }

    fs::path fetch() {
        say("looking for the image");
        DownloadOptions options = download_options_here();
        options.cancelled = options_.cancelled;
        options.say = [this](const std::string& text) { say(text); };
        options.progress = [this](std::uint64_t received, std::uint64_t total) {
            if (total > 0)
                say(fmt::format("downloading, {} of {} MiB", received >> 20, total >> 20),
                    static_cast<double>(received) / static_cast<double>(total));
        };
        return CloudImages(cache_folder(), options).fetch(*image_.cloud);
    }

    // The image's own boot makes its file system as large as its disk.
    void grow(const fs::path& layer) {
        const auto info = nlohmann::json::parse(
            run_checked("looking at the image",
                        {.argv = {"qemu-img", "info", "--output=json", "-f", "qcow2", layer.string()}})
                .out);
        const auto wanted = static_cast<std::uint64_t>(image_.disk_mib) << 20;
        if (info.at("virtual-size").get<std::uint64_t>() >= wanted) return;
        run_checked("making the disk larger",
                    {.argv = {"qemu-img", "resize", "-q", "-f", "qcow2", layer.string(),
                              fmt::format("{}M", image_.disk_mib)}});
    }

    std::string in_guest(const std::string& doing, const std::string& script,
                         double deadline = guest_step_deadline) {
        say(doing);
        return ask(doing, script, deadline);
    }

    // What a step that failed said is kept, whole.
    std::string ask(const std::string& doing, const std::string& script,
                    double deadline = guest_step_deadline) {
        const ScriptResult result =
            guest_->run({.text = "set -eu\n" + clamd_exports(image_) + script, .deadline = deadline});
        if (result.exit == 0) return result.out.raw();
        const fs::path log = failed_build_folder(image_.name) / "build.log";
        make_folder(log.parent_path());
        write_file(log, (result.out + result.err).raw());
        const GuestText& words = result.err.empty() ? result.out : result.err;
        throw InfraError(
            fmt::format("building {}: {}: {}:\n{}\n(all it said is in {})", image_.name, doing,
                        result.timed_out ? "it ran out of time" : fmt::format("exit {}", result.exit),
                        last_words(words, 600), log.string()));
    }

    std::string script_of(const std::string& folder, const std::string& name) const {
        return read_file(image_.part(fs::path(folder) / name));
    }

    void provision() {
        assert_guarded(*guest_, image_, Guarded::Enforcing);
        in_guest("stopping what would be in the way", script_of("cloud", "prepare.sh"),
                 guest_install_deadline);
        in_guest(fmt::format("installing {} packages", image_.packages.size()),
                 fmt::format("{}PACKAGES='{}'\n{}", proxies_for_guests(), fmt::join(image_.packages, " "),
                             script_of(managers_, "provision.sh")),
                 guest_install_deadline);
        in_guest("laying files", script_of("cloud", "lay.sh"));
        for (const auto& script : image_.setup) in_guest("running " + script, script_of("setup", script));
        write_lock();
        take(image_.kernel_image, work_ / "vmlinuz");
        take(image_.initrd_image, work_ / "initrd");
        assert_guarded(*guest_, image_, Guarded::Enforcing);
        in_guest("closing the image", script_of("cloud", "close.sh"));
    }

    // From the guest's own database of packages.
    void write_lock() {
        nlohmann::ordered_json packages = nlohmann::ordered_json::array();
        for (const auto& [name, version] :
             parse_pairs(in_guest("writing down what is installed", script_of(managers_, "list.sh"))))
            packages.push_back({{"name", name}, {"version", version}});
        const std::string line = in_guest("reading the kernel's line", "cat /proc/cmdline");
        const nlohmann::ordered_json lock = {
            {"image", image_.name},
            {"digest", image_.digest},
            {"source",
             {{"image", image_.cloud->image}, {"pinned", CloudImages().pinned(*image_.cloud)->text()}}},
            {"kernel_line", guest_kernel_line(line, image_.kernel_line)},
            {"packages", packages}};
        write_file(work_ / "lock.json", lock.dump(1) + "\n");
    }

    // @param words for the guest's shell that name the file
    void take(const std::string& words, const fs::path& to) {
        constexpr std::uint64_t largest = std::uint64_t{512} << 20;
        const std::string path = without_line_end(in_guest("taking " + words, "echo " + words));
        const std::string content = get(*guest_, path, largest);
        if (content.empty()) throw InfraError(fmt::format("building {}: {} is empty", image_.name, words));
        write_file(to, content);
    }

    void take_disk(const fs::path& disk, const fs::path& to) const {
        run_checked("making the disk",
                    {.argv = {"qemu-img", "convert", "-O", "qcow2", disk.string(), to.string()},
                     .deadline = copy_deadline});
    }

    // So that a person can go on from there. @returns whether that is so: the guest may have been lost, or
    // the disk may be full.
    bool keep_unfinished() try {
        say("keeping its disk");
        const fs::path folder = unfinished_folder(image_);
        remove_tree(folder);
        make_folder(folder);
        take_disk(guest_->shut_down(shutdown_deadline), folder / unfinished_disk);
        fs::copy_file(seed(), folder / seed_name);
        // QEMU is another user.
        for (const fs::path& above : {folder.parent_path().parent_path(), folder.parent_path(), folder})
            let_through(above);
        for (const char* name : {unfinished_disk, seed_name}) fs::permissions(folder / name, fs::perms{0644});
        return true;
    } catch (const std::exception&) {
        remove_tree(unfinished_folder(image_));
        return false;
    }

    const ImageDefinition& image_;
    fs::path work_;
    const std::string managers_ = "package-managers/" + image_.package_manager;
    const BuildOptions& options_;
    fs::path kernel_;  // that the accelerator was tried with; empty: none was at hand
    AcceleratorChoice choice_;
    VmHost vms_;
    std::unique_ptr<Guest> guest_;
    Stopwatch watch_;
};

}  // namespace

int build_memory_mib(const ImageDefinition& image) {
    constexpr int for_a_package_manager = 2048;
    return image.cloud ? std::max(image.memory_mib, for_a_package_manager) : image.memory_mib;
}

std::string guest_kernel_line(const std::string& booted_with, const std::string& more) {
    constexpr std::array dropped = {"BOOT_IMAGE=", "initrd=", "crashkernel="};
    std::string line;
    std::istringstream words(booted_with + " " + more);
    for (std::string word; words >> word;) {
        const auto begins = [&](const char* beginning) { return word.starts_with(beginning); };
        if (std::any_of(dropped.begin(), dropped.end(), begins)) continue;
        line += (line.empty() ? "" : " ") + word;
    }
    return line;
}

std::shared_ptr<GuestHost> unfinished_build(const ImageDefinition& image, const Workshop& with) {
    const fs::path folder = unfinished_folder(image);
    if (!image.cloud || !fs::exists(folder / unfinished_disk))
        throw InputError(fmt::format(
            "no build of {} has failed while it was provisioned, or its disk could not be kept", image.name));
    const AcceleratorChoice choice =
        choose_accelerator(with.accelerator, with.store.some_kernel(), image.cpu);
    return std::make_shared<VmHost>(with.hypervisor, with.folder,
                                    provisioning_machine(image, choice.accelerator, folder / seed_name),
                                    folder / unfinished_disk, choice.scale, boot_patience);
}

void build_cloud_image(const ImageDefinition& image, const fs::path& work, const Workshop& with) {
    CloudBuild(image, work, with).run();
}

}  // namespace clamproof
