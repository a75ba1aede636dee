/// What the arms of a cell prove together, and what a case may expect of them.
#pragma once

#include <optional>
#include <string_view>

namespace clamproof {

/// See README, "The model".
enum class Verdict {
    Fixed,
    Immune,
    FixFailed,
    SelfHealed,
    DifferentFailure,
    Unhealthy,
    NotInstallable,
    Skipped,
    InfraError
};

/// "fixed", "fix-failed", … as in every file and report.
std::string_view to_string(Verdict verdict);
/// Empty where the text names no verdict.
std::optional<Verdict> verdict_from(std::string_view text);

}  // namespace clamproof
