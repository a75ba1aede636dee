/// Takes one cell through its arms to a verdict.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/arm_run.h"
#include "guest/guest.h"

namespace clamproof {

/// A guest as it was when an arm's claim did not hold.
struct RefutedState {
    std::string arm;
    State state;
};

/// Runs every arm of a cell and says what they prove together.
///
/// Never throws for what happens in a guest: a lost guest, a broken script or a full disk is the verdict
/// infra-error, in words, with what was done so far.
/// @param sharing states that other cells came to
/// @param evidence folder that gets the logs of guests whose claim did not hold
/// @param refuted where not null: gets those guests' states, as far as they could be saved
CellResult run_cell(const Cell& cell, GuestSource& guests, Sharing sharing, const EventSink& sink,
                    const std::filesystem::path& evidence, std::vector<RefutedState>* refuted = nullptr);

/// An arm as the name of a folder: "fix-unset".
std::string arm_folder(std::string arm);

/// The verdict held against what the case expects of this guest.
void judge(const Cell& cell, CellResult& result);

}  // namespace clamproof
