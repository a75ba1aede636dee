/// Takes one cell through its arms to a verdict.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/arm_run.h"
#include "guest/guest.h"

namespace clamproof {

/// Runs every arm of a cell and says what they prove together.
///
/// Never throws for what happens in a guest: a lost guest, a broken script or a full disk is the verdict
/// infra-error, in words, with what was done so far.
/// @param sharing states that other cells came to
/// @param evidence folder that gets the logs of guests whose claim did not hold
CellResult run_cell(const Cell& cell, GuestSource& guests, Sharing sharing, const EventSink& sink,
                    const std::filesystem::path& evidence);

/// The verdict held against what the case expects of this guest.
void judge(const Cell& cell, CellResult& result);

}  // namespace clamproof
