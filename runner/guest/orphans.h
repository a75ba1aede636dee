/// QEMU processes make themselves daemons; who buries them when they die?
///
/// libvirt takes a QEMU for gone once its process is reaped. That is left to init, and some init processes
/// (of containers, of build machines) take their time: a second for every guest that ends and for every
/// question to QEMU.
#pragma once

namespace clamproof {

/// From here on QEMUs that lost their parent become children of this process (PR_SET_CHILD_SUBREAPER,
/// prctl(2)) and are reaped by a thread of its own as soon as they die. Other children are left to whoever
/// started them.
void bury_orphaned_guests();

}  // namespace clamproof
