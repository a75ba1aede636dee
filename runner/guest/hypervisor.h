/// A connection to libvirt, and the domains it runs. What a domain of the embedded driver may do to this host
/// is bounded: see qemu_user.h for its rights; its memory, and the files it writes, by limits that its
/// process is given before it begins (setrlimit(2)). Another driver's are that driver's business.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "guest/qemu_user.h"
#include "support/files.h"

struct _virConnect;
struct _virDomain;

namespace clamproof {

/// One domain; destroyed (not undefined: it is transient) with its owner.
class Domain {
  public:
    virtual ~Domain() = default;

    /// Starts a domain that was started or restored paused. @throws InfraError.
    virtual void resume() = 0;
    /// Writes memory and device state to a file that `restore` takes, and goes on with another layer of its
    /// disk vda: the disk as it was stays below it, as the file's counterpart.
    /// @param layer empty, over the disk as it is
    /// @throws InfraError with libvirt's words; the domain then goes on as before.
    virtual void snapshot(const fs::path& file, const fs::path& layer) = 0;
    /// True while its processor may run: not crashed, not shut off.
    virtual bool running() const = 0;
    /// Ends it at once. Nothing happens where it is gone.
    virtual void destroy() noexcept = 0;
    /// Presses keys on the guest's keyboard (Linux key codes). @returns false where that failed.
    virtual bool send_keys(std::initializer_list<unsigned int> keys) noexcept = 0;
};

/// How a domain begins: paused ones let their sockets be connected before the guest can write to them.
enum class Begin { Paused, Running };

/// What runs domains.
class Domains {
  public:
    virtual ~Domains() = default;
    /// Starts a transient domain. @param xml of the domain. @throws InfraError.
    virtual std::unique_ptr<Domain> start(const std::string& xml, const std::string& name, Begin begin) = 0;
    /// Restores a saved domain. @param xml replaces the saved one, only paths may differ; empty: that one.
    /// @throws InfraError.
    virtual std::unique_ptr<Domain> restore(const fs::path& file, const std::string& xml,
                                            const std::string& name, Begin begin) = 0;

    /// Gives a file to the user that domains run as, before a domain may write to it; nobody else may then.
    /// @throws InfraError.
    virtual void lend(const fs::path& file) const = 0;
    /// Takes it back: domains may read it, as everybody may. @throws InfraError.
    virtual void take_back(const fs::path& file) const = 0;
};

/// What becomes of a call into libvirt that does not return: none can be interrupted, and one waits for ever
/// where QEMU does not answer it.
struct CallBounds {
    double answer = 120;  ///< seconds for what takes a moment on a host that is well
    double memory = 900;  ///< seconds for what writes or reads all of a guest's memory
    /// Told in words what hangs, by a thread of its own. @see end_hung_process
    std::function<void(const std::string&)> on_hang = [](const std::string&) {};
};

/// Of the library that this process is linked with: "9.0.0".
std::string libvirt_version();

/// The default: the QEMU driver inside this process, no daemon. @param root its folder; short, this user's
/// own
std::string embedded_uri(const fs::path& root);

/// Opened once per process, when it is first asked for something: it takes a second, and who runs containers
/// alone needs none. Whatever asks first throws an InfraError where it cannot be opened. libvirt's embedded
/// driver allows one root only.
class Hypervisor : public Domains {
  public:
    /// @param uri of libvirt. For the embedded driver its root is prepared first.
    explicit Hypervisor(const std::string& uri, CallBounds bounds = {});
    ~Hypervisor() override;
    Hypervisor(const Hypervisor&) = delete;
    Hypervisor& operator=(const Hypervisor&) = delete;

    const std::string& uri() const { return uri_; }
    /// Of the hypervisor behind the connection, e.g. QEMU 7.2.22.
    std::string version() const;

    std::unique_ptr<Domain> start(const std::string& xml, const std::string& name, Begin begin) override;
    std::unique_ptr<Domain> restore(const fs::path& file, const std::string& xml, const std::string& name,
                                    Begin begin) override;
    void lend(const fs::path& file) const override;
    void take_back(const fs::path& file) const override;

  private:
    _virConnect* connection() const;
    std::unique_ptr<Domain> started(_virDomain* domain, const std::string& name) const;

    std::string uri_;
    CallBounds bounds_;
    mutable fs::path root_;                      ///< of the embedded driver
    mutable std::optional<QemuUser> qemu_user_;  ///< where domains are not of this process's user
    mutable Calling call_;
    mutable std::unique_ptr<_virConnect, int (*)(_virConnect*)> connection_;
};

}  // namespace clamproof
