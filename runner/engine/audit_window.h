/// The denials of one stretch of time in one guest: an old denial never satisfies a new claim.
#pragma once

#include <string>
#include <vector>

#include "engine/results.h"
#include "guest/guest.h"

namespace clamproof {

/// Opens with a mark in the guest's audit log, closes with another, and holds what lies between. The kernel
/// hands records to auditd in order, so once the closing mark is in the log everything before it is.
class AuditWindow {
  public:
    /// @throws GuestLost, InfraError where the guest's audit log cannot be marked.
    explicit AuditWindow(Guest& guest);
    /// A window that was opened with that mark in the guest this one was forked from.
    AuditWindow(Guest& guest, std::string mark) : guest_(guest), mark_(std::move(mark)) {}

    const std::string& mark() const { return mark_; }

    /// The denials since the window was opened; it stays open.
    /// @param raw where given, gets the audit records themselves. @throws as above.
    std::vector<Denial> denials(std::string* raw = nullptr);

  private:
    Guest& guest_;
    std::string mark_;
};

}  // namespace clamproof
