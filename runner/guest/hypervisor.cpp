#include "guest/hypervisor.h"

#include <fmt/format.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <algorithm>
#include <mutex>
#include <pugixml.hpp>
#include <sstream>
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

class LibvirtDomain : public Domain {
  public:
    LibvirtDomain(virDomainPtr domain, std::string name, const CallBounds& bounds)
        : domain_(domain), name_(std::move(name)), bounds_(bounds) {}
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
        const WatchedCall call("saving the memory of " + name_, bounds_.memory, bounds_.on_hang);
        virDomainSnapshotPtr taken =
            virDomainSnapshotCreateXML(domain_, xml.str().c_str(), VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA);
        if (!taken)
            throw InfraError(
                fmt::format("cannot save the memory of {} to {}: {}", name_, file.string(), libvirt_error()));
        virDomainSnapshotFree(taken);
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
    CallBounds bounds_;
};

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
    : uri_(uri), bounds_(std::move(bounds)), connection_(nullptr, virConnectClose) {}

_virConnect* Hypervisor::connection() const {
    if (connection_) return connection_.get();
    start_events();
    if (uri_.starts_with(embedded_scheme)) {
        prepare_embedded_root(uri_.substr(embedded_scheme.size()));
        reap_orphans();
    }
    const PinnedThread still;
    const WatchedCall call("opening " + uri_, bounds_.answer, bounds_.on_hang);
    connection_.reset(virConnectOpen(uri_.c_str()));
    if (!connection_) throw InfraError(fmt::format("cannot open {}: {}{}", uri_, libvirt_error(), advice()));
    return connection_.get();
}

Hypervisor::~Hypervisor() = default;

std::string Hypervisor::version() const {
    unsigned long v = 0;
    const char* type = virConnectGetType(connection());
    const WatchedCall call("asking for the version of " + uri_, bounds_.answer, bounds_.on_hang);
    if (virConnectGetVersion(connection(), &v) < 0) return type ? type : "unknown";
    return fmt::format("{} {}", type ? type : "", version_text(v));
}

std::unique_ptr<Domain> Hypervisor::start(const std::string& xml, const std::string& name, Begin begin) {
    virConnectPtr connection = this->connection();
    const WatchedCall call("starting " + name, bounds_.answer, bounds_.on_hang);
    virDomainPtr domain =
        virDomainCreateXML(connection, xml.c_str(), begin == Begin::Paused ? VIR_DOMAIN_START_PAUSED : 0);
    if (!domain) throw InfraError(fmt::format("cannot start {}: {}{}", name, libvirt_error(), advice()));
    return std::make_unique<LibvirtDomain>(domain, name, bounds_);
}

std::unique_ptr<Domain> Hypervisor::restore(const fs::path& file, const std::string& xml,
                                            const std::string& name, Begin begin) {
    virConnectPtr connection = this->connection();
    const WatchedCall call("restoring " + name, bounds_.memory, bounds_.on_hang);
    if (virDomainRestoreFlags(connection, file.c_str(), xml.empty() ? nullptr : xml.c_str(),
                              begin == Begin::Paused ? VIR_DOMAIN_SAVE_PAUSED : 0) < 0)
        throw InfraError(fmt::format("cannot restore {} from {}: {}", name, file.string(), libvirt_error()));
    virDomainPtr domain = virDomainLookupByName(connection, name.c_str());
    if (!domain)
        throw InfraError(fmt::format("cannot find {} after restoring it: {}", name, libvirt_error()));
    return std::make_unique<LibvirtDomain>(domain, name, bounds_);
}

}  // namespace clamproof
