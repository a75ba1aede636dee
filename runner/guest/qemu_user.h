/// Whom QEMU's processes belong to. A guest that breaks out of QEMU has what that user may do: where this
/// process is root's, QEMU is nobody's.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "support/files.h"

namespace clamproof {

struct QemuUser {
    uid_t user;
    gid_t group;
};

/// Whose QEMU can be on this host.
struct QemuUserChoice {
    std::optional<QemuUser> user{};  ///< none: QEMU runs as the user of this process
    std::string
        why_not{};  ///< why that is root, as the rest of "QEMU runs as root: …"; empty where it is not
};

/// Finds out by becoming that user for a moment, on a thread of its own.
QemuUserChoice choose_qemu_user();

/// Runs something as that user, on a thread of its own. Nothing happens where that cannot be.
void as_user(const QemuUser& user, const std::function<void()>& act);

/// How libvirt is called: as it is, or as below.
using Calling = void (*)(const std::function<void()>& act);

/// Runs what starts QEMU, or what looks at its files as QEMU's user would, in a mount namespace in which that
/// user has what it needs: the way to the cache, which is below root's home, and KVM. On a thread of its own,
/// because a thread does not come back from there. QEMU stays in that namespace.
/// @throws what `act` throws.
void where_qemu_may_look(const std::function<void()>& act);

}  // namespace clamproof
