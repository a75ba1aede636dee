/// Does a documented fix that a user has applied outlive what is done to the guest later, such as an upgrade?
#pragma once

#include <filesystem>
#include <functional>

#include "proof/arm_run.h"

namespace clamproof {

/// What is done to a guest whose fix is in place. @returns how that ended, and its words
using LaterChange = std::function<ScriptResult(Guest&)>;

/// The steps of an arm by which it can be told how far it came.
inline constexpr const char* step_of_upgrade = "upgrade";

/// Whether a fix promises to be there later at all.
bool is_to_last(const Fix& fix);

/// An arm for each fix of the cell that is to last: set-up, trigger, fix and probe, then the change, and the
/// probe again. The verdict is `fixed` where every fix still cures and is still found in place, else
/// `fix-failed`; a cell without such a fix has no arms. Never throws for what happens in a guest, as
/// `run_cell`.
/// @param evidence folder that gets the logs of guests whose claim did not hold
CellResult run_fix_survival(const Cell& cell, GuestHost& guests, const LaterChange& change,
                            const EventSink& sink, const std::filesystem::path& evidence);

}  // namespace clamproof
