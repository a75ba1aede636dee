#include "guest/hypervisor.h"

#include <fmt/format.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <mutex>
#include <pugixml.hpp>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

#include "guest/embedded.h"
#include "support/error.h"
#include "support/watched_call.h"

namespace clamproof {
namespace {

std::string libvirt_error() {
    const virError* error = virGetLastError();
    return error && error->message ? error->message : "no reason given";
}

std::string advice() {
    const virError* error = virGetLastError();
    if (!error) return "";
    if (error->code == VIR_ERR_NO_CONNECT || error->code == VIR_ERR_CONFIG_UNSUPPORTED ||
        error->code == VIR_ERR_SYSTEM_ERROR)
        return "; clamproof doctor tells what is missing";
    return "";
}

// libvirt wants its event loop set up before any other call, and turning in some thread for as long as the
// embedded driver lives. The thread ends with the process.
void start_events() {
    static std::once_flag once;
    std::call_once(once, [] {
        virSetErrorFunc(nullptr, [](void*, virErrorPtr) {});
        if (virInitialize() < 0 || virEventRegisterDefaultImpl() < 0)
            throw InfraError("cannot start libvirt's event loop: " + libvirt_error());
        register_libvirt_files();
        std::thread([] {
            for (;;) virEventRunDefaultImpl();
        }).detach();
        // Without a timer the loop sleeps until somebody adds a handle, and handles added by other threads
        // wake it; a slow tick keeps it turning should such a wake-up be lost.
        virEventAddTimeout(
            1000, [](int, void*) {}, nullptr, nullptr);
    });
}

std::string version_text(unsigned long v) {
    return fmt::format("{}.{}.{}", v / 1000000, v / 1000 % 1000, v % 1000);
}

// What QEMU needs above its guest's memory: translated code (1 GiB at most), stacks of its threads, buffers.
constexpr rlim_t own_memory = rlim_t{3} << 30;
// What a disk's layer needs above what the guest sees of it, and a saved state above the memory in it.
constexpr rlim_t own_files = rlim_t{1} << 30;

void limit(pid_t pid, int resource, rlim_t most) {
    const rlimit both{.rlim_cur = most, .rlim_max = most};
    ::prlimit(pid, static_cast<decltype(RLIMIT_DATA)>(resource), &both, nullptr);
}

// Where the host does not let this process, it is left as it is.
void limit_process_of(virDomainPtr domain, const fs::path& pid_file, const std::optional<QemuUser>& user) {
    std::ifstream file(pid_file);
    pid_t pid = 0;
    virDomainBlockInfo disk{};
    if (!(file >> pid) || virDomainGetBlockInfo(domain, "vda", &disk, 0) < 0) return;
    const rlim_t memory = rlim_t{virDomainGetMaxMemory(domain)} << 10;
    const auto lower = [&] {
        limit(pid, RLIMIT_DATA, memory + own_memory);
        limit(pid, RLIMIT_FSIZE, std::max<rlim_t>(disk.capacity, memory) + own_files);
        limit(pid, RLIMIT_CORE, 0);
    };
    // Its own user may; another, be it root, wants a capability (SYS_RESOURCE) for that.
    user ? as_user(*user, lower) : lower();
}

class LibvirtDomain : public Domain {
  public:
    LibvirtDomain(virDomainPtr domain, std::string name, Calling call, const CallBounds& bounds)
        : domain_(domain), name_(std::move(name)), call_(call), bounds_(bounds) {}
    ~LibvirtDomain() override {
        destroy();
        virDomainFree(domain_);
    }
    LibvirtDomain(const LibvirtDomain&) = delete;
    LibvirtDomain& operator=(const LibvirtDomain&) = delete;

    void resume() override {
        const WatchedCall call = watched("resuming");
        if (virDomainResume(domain_) < 0)
            throw InfraError(fmt::format("cannot start {}: {}", name_, libvirt_error()));
    }

    // Nothing of it is left with libvirt, whose ways of going back to a snapshot are not used: what is
    // written is what virDomainSave would write, only that the domain lives on.
    void snapshot(const fs::path& file, const fs::path& layer) override {
        pugi::xml_document document;
        pugi::xml_node snapshot = document.append_child("domainsnapshot");
        pugi::xml_node memory = snapshot.append_child("memory");
        memory.append_attribute("snapshot").set_value("external");
        memory.append_attribute("file").set_value(file.c_str());
        pugi::xml_node disk = snapshot.append_child("disks").append_child("disk");
        disk.append_attribute("name").set_value("vda");
        disk.append_attribute("snapshot").set_value("external");
        disk.append_child("driver").append_attribute("type").set_value("qcow2");
        disk.append_child("source").append_attribute("file").set_value(layer.c_str());
        std::ostringstream xml;
        document.save(xml, "", pugi::format_raw | pugi::format_no_declaration);
        const WatchedCall watched("saving the memory of " + name_, bounds_.memory, bounds_.on_hang);
        constexpr unsigned how =
            VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA | VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT;
        call_([&] {
            virDomainSnapshotPtr taken = virDomainSnapshotCreateXML(domain_, xml.str().c_str(), how);
            if (!taken)
                throw InfraError(fmt::format("cannot save the memory of {} to {}: {}", name_, file.string(),
                                             libvirt_error()));
            virDomainSnapshotFree(taken);
        });
    }

    bool running() const override {
        const WatchedCall call = watched("asking for the state of");
        int state = VIR_DOMAIN_NOSTATE, reason = 0;
        if (virDomainGetState(domain_, &state, &reason, 0) < 0) return false;
        return state == VIR_DOMAIN_RUNNING || state == VIR_DOMAIN_PAUSED || state == VIR_DOMAIN_BLOCKED;
    }

    void destroy() noexcept override {
        const WatchedCall call = watched("ending");
        virDomainDestroyFlags(domain_, VIR_DOMAIN_DESTROY_DEFAULT);
    }

    bool send_keys(std::initializer_list<unsigned int> keys) noexcept override {
        const WatchedCall call = watched("pressing keys of");
        unsigned int codes[8] = {};
        std::copy(keys.begin(), keys.end(), codes);
        return virDomainSendKey(domain_, VIR_KEYCODE_SET_LINUX, 100, codes, static_cast<int>(keys.size()),
                                0) == 0;
    }

  private:
    WatchedCall watched(const char* doing) const {
        return WatchedCall(fmt::format("{} {}", doing, name_), bounds_.answer, bounds_.on_hang);
    }

    virDomainPtr domain_;
    std::string name_;
    Calling call_;
    CallBounds bounds_;
};

void plainly(const std::function<void()>& act) {
    act();
}

void give(const fs::path& file, uid_t user, gid_t group, fs::perms perms) {
    std::error_code error;
    if (::chown(file.c_str(), user, group) != 0) error = {errno, std::generic_category()};
    if (!error) fs::permissions(file, perms, error);
    if (error) throw InfraError(fmt::format("{} cannot be given away: {}", file.string(), error.message()));
}

}  // namespace

std::string libvirt_version() {
    unsigned long v = 0;
    virGetVersion(&v, nullptr, nullptr);
    return version_text(v);
}

std::string embedded_uri(const fs::path& root) {
    return std::string(embedded_scheme) + root.string();
}

Hypervisor::Hypervisor(const std::string& uri, CallBounds bounds)
    : uri_(uri), bounds_(std::move(bounds)), call_(plainly), connection_(nullptr, virConnectClose) {}

_virConnect* Hypervisor::connection() const {
    if (connection_) return connection_.get();
    start_events();
    if (uri_.starts_with(embedded_scheme)) {
        root_ = uri_.substr(embedded_scheme.size());
        qemu_user_ = choose_qemu_user().user;
        if (qemu_user_) call_ = where_qemu_may_look;
        prepare_embedded_root(root_, qemu_user_);
        reap_orphans();
    }
    const WatchedCall watched("opening " + uri_, bounds_.answer, bounds_.on_hang);
    call_([&] {
        const PinnedThread still;
        connection_.reset(virConnectOpen(uri_.c_str()));
        if (!connection_)
            throw InfraError(fmt::format("cannot open {}: {}{}", uri_, libvirt_error(), advice()));
    });
    return connection_.get();
}

std::unique_ptr<Domain> Hypervisor::started(virDomainPtr domain, const std::string& name) const {
    auto owned = std::make_unique<LibvirtDomain>(domain, name, call_, bounds_);
    if (!root_.empty()) limit_process_of(domain, root_ / "run/qemu" / (name + ".pid"), qemu_user_);
    return owned;
}

void Hypervisor::lend(const fs::path& file) const {
    connection();  // which tells the user
    if (qemu_user_)
        give(file, qemu_user_->user, qemu_user_->group, fs::perms::owner_read | fs::perms::owner_write);
}

void Hypervisor::take_back(const fs::path& file) const {
    if (qemu_user_) give(file, ::geteuid(), ::getegid(), fs::perms{0644});
}

Hypervisor::~Hypervisor() = default;

std::string Hypervisor::version() const {
    unsigned long v = 0;
    const char* type = virConnectGetType(connection());
    const WatchedCall watched("asking for the version of " + uri_, bounds_.answer, bounds_.on_hang);
    // libvirt looks whether QEMU's user may use KVM, and asks QEMU anew what it can do where that has
    // changed.
    call_([&] { virConnectGetVersion(connection_.get(), &v); });
    if (v == 0) return type ? type : "unknown";
    return fmt::format("{} {}", type ? type : "", version_text(v));
}

std::unique_ptr<Domain> Hypervisor::start(const std::string& xml, const std::string& name, Begin begin) {
    virConnectPtr with = connection();
    virDomainPtr domain = nullptr;
    const WatchedCall watched("starting " + name, bounds_.answer, bounds_.on_hang);
    call_([&] {
        domain = virDomainCreateXML(with, xml.c_str(), begin == Begin::Paused ? VIR_DOMAIN_START_PAUSED : 0);
        if (!domain) throw InfraError(fmt::format("cannot start {}: {}{}", name, libvirt_error(), advice()));
    });
    return started(domain, name);
}

std::unique_ptr<Domain> Hypervisor::restore(const fs::path& file, const std::string& xml,
                                            const std::string& name, Begin begin) {
    virConnectPtr with = connection();
    const WatchedCall watched("restoring " + name, bounds_.memory, bounds_.on_hang);
    call_([&] {
        if (virDomainRestoreFlags(with, file.c_str(), xml.empty() ? nullptr : xml.c_str(),
                                  begin == Begin::Paused ? VIR_DOMAIN_SAVE_PAUSED : 0) < 0)
            throw InfraError(
                fmt::format("cannot restore {} from {}: {}", name, file.string(), libvirt_error()));
    });
    virDomainPtr domain = virDomainLookupByName(with, name.c_str());
    if (!domain)
        throw InfraError(fmt::format("cannot find {} after restoring it: {}", name, libvirt_error()));
    return started(domain, name);
}

}  // namespace clamproof
