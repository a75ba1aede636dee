/// A run: images are made ready, and a cell starts as soon as its own image is.
#pragma once

#include <functional>
#include <string>

#include "jobs/dispatcher.h"
#include "results/results.h"
#include "run/durations.h"
#include "run/plan.h"

namespace clamproof {

struct RunHooks {
    std::function<void(const Event&)> on_event;  ///< of cells with all that is known of them
    /// The folder for what is saved of a cell's guests.
    std::function<std::string(const CellId&)> evidence_folder;
    /// Whether an image is built, so that it is ready in a second.
    std::function<bool(const ImageDefinition&)> is_built;
};

/// Runs a plan to its end, or until interrupted: what has a verdict by then is kept.
/// @param durations says which cells take long, and remembers what they took
/// @param run gets images, results, host and interrupted. @throws InfraError where no worker can be started.
void run_plan(const Plan& plan, Dispatcher& dispatcher, const RunHooks& hooks, Durations& durations,
              RunResults& run);

}  // namespace clamproof
