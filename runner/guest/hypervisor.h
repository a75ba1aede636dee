/// A connection to libvirt, and the domains it runs.
#pragma once

#include <memory>
#include <string>

#include "support/files.h"

struct _virConnect;
struct _virDomain;

namespace clamproof {

/// One domain; destroyed (not undefined: it is transient) with its owner.
class Domain {
  public:
    Domain(_virDomain* domain, std::string name) : domain_(domain), name_(std::move(name)) {}
    ~Domain();
    Domain(Domain&& other) noexcept;
    Domain& operator=(Domain&& other) noexcept;

    /// Starts a domain that was started or restored paused. @throws InfraError.
    void resume();
    /// Writes memory and device state to a file that `restore` takes, and goes on with a new layer on its
    /// disk vda: the disk as it was stays below it, as the file's counterpart.
    /// @throws InfraError with libvirt's words; the domain then goes on as before.
    void snapshot(const fs::path& file, const fs::path& layer);
    /// True while its processor may run: not crashed, not shut off.
    bool running() const;
    /// Ends it at once. Nothing happens where it is gone.
    void destroy() noexcept;
    /// Presses keys on the guest's keyboard (Linux key codes). @returns false where that failed.
    bool send_keys(std::initializer_list<unsigned int> keys) noexcept;

  private:
    _virDomain* domain_ = nullptr;
    std::string name_;
};

/// How a domain begins: paused ones let their sockets be connected before the guest can write to them.
enum class Begin { Paused, Running };

/// The default: the QEMU driver inside this process, no daemon. @param root its folder; short, this user's
/// own
std::string embedded_uri(const fs::path& root);

/// Opened once per process, when it is first asked for something: it takes a second, and who runs containers
/// alone needs none. Whatever asks first throws an InfraError where it cannot be opened. libvirt's embedded
/// driver allows one root only.
class Hypervisor {
  public:
    /// @param uri of libvirt. For the embedded driver its root is prepared first.
    explicit Hypervisor(const std::string& uri);
    ~Hypervisor();
    Hypervisor(const Hypervisor&) = delete;
    Hypervisor& operator=(const Hypervisor&) = delete;

    const std::string& uri() const { return uri_; }
    std::string libvirt_version() const;
    /// Of the hypervisor behind the connection, e.g. QEMU 7.2.22.
    std::string version() const;

    /// Starts a transient domain. @param xml of the domain. @throws InfraError.
    Domain start(const std::string& xml, const std::string& name, Begin begin);
    /// Restores a saved domain. @param xml replaces the saved one, only paths may differ; empty: the saved
    /// one.
    /// @throws InfraError.
    Domain restore(const fs::path& file, const std::string& xml, const std::string& name, Begin begin);

  private:
    _virConnect* connection() const;

    std::string uri_;
    mutable std::unique_ptr<_virConnect, int (*)(_virConnect*)> connection_;
};

}  // namespace clamproof
