#include <fmt/format.h>
#include <fmt/ranges.h>

#include "guest/machine_key.h"
#include "guest/vm.h"
#include "image/kind.h"
#include "image/settle.h"
#include "support/clock.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr double label_deadline = 600;

Machine machine_for(const BuiltImage& built, Accelerator accelerator) {
    const ImageDefinition& image = built.definition;
    return {.name = "clamproof-" + image.name,
            .uuid = uuid_from(image.name + image.digest),
            .accelerator = accelerator,
            .memory_mib = image.memory_mib,
            .vcpus = image.vcpus,
            .cpu = image.cpu,
            .kernel = built.entry.kernel(),
            .initrd = built.entry.initrd(),
            .kernel_line = built.kernel_line};
}

SavedOrigin origin_here(const BuiltImage& built, const HypervisorVersions& versions,
                        Accelerator accelerator) {
    return {.machine = machine_parts(versions, machine_for(built, accelerator)),
            .disk = SealedFolder::digests(built.entry.folder).at("disk.qcow2")};
}

State save_settled(const BuiltImage& built, VmHost& host, const Workshop& with) {
    const Stopwatch watch;
    const auto tell = [&](const std::string& step) {
        with.options.progress({.step = step, .fraction = {}, .seconds = watch.seconds()});
    };
    tell("booting");
    auto guest = host.open();
    tell("settling");
    const Told told = settle_first(*guest, built.definition, "warming up", with.say);
    tell("saving its memory");
    const State saved = guest->save();
    guest.reset();  // its disk lies on the one that is kept
    State state = keep_saved(saved, built.entry, built.origin);
    keep_told(built.entry.folder, told);
    return state;
}

void read_kernel(const Json& node, ImageDefinition& image) {
    ObjectReader kernel(node, "the kernel");
    image.kernel_image = kernel.string("image");
    image.initrd_image = kernel.string("initrd");
    image.kernel_line = fmt::format("{}", fmt::join(kernel.strings("line"), " "));
    kernel.finish();
}

// With the guest's own setfiles: the host's may not understand the guest's compiled contexts. It sets
// labels through /proc/self/fd, so it gets a /proc, which goes with the tool's mount namespace.
void write_labels(const BuildTree& tree) {
    tree.say("writing SELinux labels");
    const std::string in_chroot =
        ". /etc/selinux/config; exec setfiles -F -e /proc "
        "/etc/selinux/$SELINUXTYPE/contexts/files/file_contexts /";
    tree.run("writing SELinux labels",
             {.argv = {"sh", "-eu", "-c", "mount -t proc proc \"$1/proc\"; exec chroot \"$1\" sh -c \"$2\"",
                       "sh", tree.root.string(), in_chroot},
              .deadline = label_deadline});
}

void take_kernel(const BuildTree& tree, const std::string& from, const char* to) {
    const fs::path file = tree.root / fs::path(from).relative_path();
    std::error_code error;
    fs::copy_file(fs::canonical(file, error), tree.work / to, error);
    if (error) throw InfraError(fmt::format("building {}: {} is not in the tree", tree.image.name, from));
}

// The disk lies in the store, and so does a guest that was saved when it had settled.
class VmKind : public GuestKind {
    void read(ObjectReader& definition, ImageDefinition& image) const override {
        image.labels = definition.optional_boolean("labels").value_or(false);
        read_kernel(definition.at("kernel"), image);
        image.vcpus = static_cast<int>(definition.integer("vcpus", 1, 256));
        if (definition.find("cpu")) image.cpu = cpu_level(definition.word("cpu", names_of_cpu_levels()));
        image.disk_mib = static_cast<int>(definition.integer("disk_mib", 256, 1 << 20));
    }

    void check_host() const override { require_supported(installed_versions()); }

    std::string would_run_on(const ImageDefinition& image, const std::string& accelerator,
                             const fs::path& kernel) const override {
        check_host();
        const AcceleratorChoice choice = choose_accelerator(accelerator, kernel, image.cpu);
        const std::string as = image.cpu == CpuLevel::V1 ? "" : fmt::format(" as {}", to_string(image.cpu));
        if (choice.accelerator == Accelerator::Kvm) return "on KVM" + as;
        return fmt::format("emulated{}{}{}", as, choice.why.empty() ? "" : ": ", choice.why);
    }

    std::vector<std::string> pack(const BuildTree& tree) const override {
        if (tree.image.labels) write_labels(tree);
        tree.say("making the disk");
        make_disk({.root = tree.root,
                   .disk = tree.work / "disk.qcow2",
                   .size_mib = tree.image.disk_mib,
                   .identity = "disk of " + tree.image.name,
                   .date = tree.date},
                  tree.run);
        take_kernel(tree, tree.image.kernel_image, "vmlinuz");
        take_kernel(tree, tree.image.initrd_image, "initrd");
        return {"disk.qcow2", "vmlinuz", "initrd"};
    }

    std::shared_ptr<Snapshot> make_ready(BuiltImage built, const Workshop& with) const override {
        const std::string& name = built.definition.name;
        const AcceleratorChoice choice =
            choose_accelerator(with.accelerator, built.entry.kernel(), built.definition.cpu);
        auto host =
            std::make_shared<VmHost>(with.hypervisor, with.folder, machine_for(built, choice.accelerator),
                                     built.entry.disk(), choice.scale);
        built.origin = origin_here(built, versions_of(with.hypervisor), choice.accelerator);
        const FileLock making = with.store.making(name);
        SavedCheck saved = check_saved(built.entry, built.origin);
        if (!saved.trouble.empty())
            with.say(fmt::format("the warm state of {} {}; it boots once more", name, saved.trouble));
        if (!saved.state) saved.state = save_settled(built, *host, with);
        built.facts = facts_of(built.definition, built.entry.folder);
        if (built.facts.empty()) {
            keep_told(built.entry.folder, ask_facts(*host->fork(*saved.state), built.definition));
            built.facts = facts_of(built.definition, built.entry.folder);
        }
        return std::make_shared<Snapshot>(std::move(built), std::move(host), saved.state);
    }

    Readiness readiness(const BuiltImage& built, const std::string& accelerator) const override {
        const AcceleratorChoice choice =
            choose_accelerator(accelerator, built.entry.kernel(), built.definition.cpu);
        const SavedOrigin origin = origin_here(built, installed_versions(), choice.accelerator);
        const SavedCheck saved = check_saved(built.entry, origin);
        if (!saved.state || built.facts.empty()) return {.trouble = saved.trouble};
        return {.origin = origin};
    }

    bool can_be_exported() const override { return true; }
    bool is_light() const override { return false; }

    RunsOn runs_on(const BuiltImage& built, const std::string& accelerator) const override {
        return {.accelerator = choose_accelerator(accelerator, built.entry.kernel(), built.definition.cpu)};
    }
};

}  // namespace

const GuestKind& vm_kind() {
    static const VmKind kind;
    return kind;
}

}  // namespace clamproof
