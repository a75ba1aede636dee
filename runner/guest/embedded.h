/// What libvirt's embedded driver (qemu:///embed) wants around it so that it runs without a daemon, and asks
/// QEMU what it can do once for a host and not once for a process: asking takes longer than a restore.
#pragma once

#include <sched.h>

#include <optional>
#include <string>
#include <string_view>

#include "guest/qemu_user.h"
#include "support/files.h"

namespace clamproof {

inline constexpr std::string_view embedded_scheme = "qemu:///embed?root=";

/// The driver's settings below its root, and its notes about QEMU shared with all other roots.
/// @param user that QEMU runs as; none: this process's own
void prepare_embedded_root(const fs::path& root, const std::optional<QemuUser>& user);

/// libvirt throws away what it knows of QEMU where its own files have changed, and looks at those that it has
/// loaded: with its first guest it loads one more, which may be younger (seen with 9.0). Tells it of that one
/// at once. Nothing happens where libvirt cannot be told. To be called after virInitialize.
void register_libvirt_files();

/// Keeps this thread on the first CPU it may use. libvirt throws away what it knows of QEMU where the host's
/// CPUID has changed, and takes for a change that leaf 0x1f holds the number of the CPU that is asked (seen
/// with 9.0): on a thread that wanders it asks QEMU anew every other time.
class PinnedThread {
  public:
    PinnedThread();
    ~PinnedThread();
    PinnedThread(const PinnedThread&) = delete;
    PinnedThread& operator=(const PinnedThread&) = delete;

  private:
    cpu_set_t allowed_;
    bool pinned_ = false;
};

/// libvirt takes a QEMU for gone once its process is reaped. That is left to init, and some init processes
/// (of containers, of build machines) take their time: a second for every guest that ends and for every
/// question to QEMU. From here on QEMUs that lost their parent become children of this process
/// (PR_SET_CHILD_SUBREAPER, prctl(2)) and are reaped by a thread of its own as soon as they die. Other
/// children are left to whoever started them.
void reap_orphans();

}  // namespace clamproof
