/// The denials of one stretch of time in one guest: an old denial never satisfies a new claim.
#pragma once

#include <string>
#include <vector>

#include "guest/guest.h"
#include "results/results.h"

namespace clamproof {

/// What a window begins with.
struct WindowBegin {
    std::string mark;   ///< in the guest's audit log
    std::string state;  ///< of auditing then: "PID LOST BOOT" (auditd's process, records lost, boot id)

    bool operator==(const WindowBegin&) const = default;
};

/// Opens with a mark in the guest's audit log, closes with another, and holds what lies between. The kernel
/// hands records to auditd in order, so once the closing mark is in the log everything before it is.
///
/// "Nothing was refused" is said only where both marks are found, the same auditd wrote between them, and the
/// kernel lost no record (auditctl(8), -s). A reboot may lie between: then another auditd wrote, and none may
/// be lost since.
class AuditWindow {
  public:
    /// @throws GuestLost, InfraError where the guest's audit log cannot be marked.
    explicit AuditWindow(Guest& guest);
    /// A window that was opened so in the guest this one was forked from.
    AuditWindow(Guest& guest, WindowBegin begin) : guest_(guest), begin_(std::move(begin)) {}

    const WindowBegin& begin() const { return begin_; }

    /// The denials since the window was opened; it stays open.
    /// @throws as above, and InfraError where denials may be missing.
    std::vector<Denial> denials();

  private:
    Guest& guest_;
    WindowBegin begin_;
};

/// The denials but for those that a background has as well: of the same kind, wherever numbered processes are
/// named, and of the same port. What is left of one that names several ports counts those alone.
std::vector<Denial> without_background(std::vector<Denial> denials, const std::vector<Denial>& background);

}  // namespace clamproof
