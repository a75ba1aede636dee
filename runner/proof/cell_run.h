/// Takes one cell through its arms to a verdict.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "guest/guest.h"
#include "proof/arm_run.h"
#include "proof/shared_states.h"
#include "results/judge.h"

namespace clamproof {

/// A guest as it was when an arm's claim did not hold.
struct RefutedState {
    ArmId arm;
    State state;
};

/// How far a cell is taken, and what is kept of it.
struct CellOrder {
    std::filesystem::path evidence;  ///< folder that gets the logs of guests whose claim did not hold
    std::vector<RefutedState>* refuted = nullptr;  ///< where not null: gets those guests' states, as far as
                                                   ///< they could be saved
    std::optional<Ends> ends{};  ///< asked for is only on which side the cell is: no arm is run that
                                 ///< cannot change the answer
};

/// Runs every arm of a cell that is asked for and says what they prove together.
///
/// Never throws for what happens in a guest: a lost guest, a broken script or a full disk is the verdict
/// infra-error, in words, with what was done so far.
/// @param sharing states that other cells came to
CellResult run_cell(const Cell& cell, GuestHost& guests, Sharing sharing, const ProgressSink& sink,
                    const CellOrder& order);

}  // namespace clamproof
