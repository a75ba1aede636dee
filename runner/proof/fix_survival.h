/// Does a documented fix that a user has applied outlive what is done to the guest later, such as an upgrade?
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "proof/arm_run.h"

namespace clamproof {

/// What is done to a guest whose fix is in place. @returns how that ended, and its words
using LaterChange = std::function<ScriptResult(Guest&)>;

/// Every fix of a cell that is to last, held against a later change.
struct Survival {
    CellResult cell;                ///< an arm for each fix; `infra-error` where a guest was lost on the way
    std::vector<FixOutcome> fixes;  ///< in the order of the arms; without those of which nothing can be said
};

/// An arm for each fix of the cell that is to last: set-up, trigger, fix and probe, then the change, and the
/// probe again. The cell's verdict is `fixed` where every fix still cures and is still found in place, else
/// `fix-failed`; a cell without such a fix has no arms. Never throws for what happens in a guest, as
/// `run_cell`.
/// @param evidence folder that gets the logs of guests whose claim did not hold
Survival run_fix_survival(const Cell& cell, GuestHost& guests, const LaterChange& change,
                          const ProgressSink& sink, const std::filesystem::path& evidence);

}  // namespace clamproof
