/// What the arms of a cell prove together, and what a case may expect of them.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clamproof {

/// See README, "The model".
enum class Verdict {
    Fixed,
    Immune,
    NotTriggered,  ///< the trigger did not put the fault in place: nothing is proved
    FixFailed,
    SelfHealed,
    DifferentFailure,
    Unhealthy,
    Reproduced,  ///< reproduced as documented; control and fixes were not asked for (bisect, upgrade)
    NotInstallable,
    Skipped,
    InfraError
};

/// "fixed", "fix-failed", … as in every file and report.
std::string_view to_string(Verdict verdict);
/// Empty where the text names no verdict.
std::optional<Verdict> verdict_from(std::string_view text);
/// The names of all verdicts but these: what a file or the command line may name.
std::vector<std::string> verdict_names(std::initializer_list<Verdict> except);

}  // namespace clamproof
