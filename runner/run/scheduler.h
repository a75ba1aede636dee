/// Images and cells over worker processes: a cell starts as soon as its own image is ready.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "casefile/case.h"
#include "casefile/known.h"
#include "casefile/matrix.h"
#include "image/layer.h"
#include "jobs/pool.h"
#include "jobs/settings.h"
#include "results/results.h"

namespace clamproof {

/// What is to be run.
struct Plan {
    std::vector<ImageDefinition> images;
    std::vector<Case> cases;
    VariantFilter variants;
    std::vector<std::string> install{};  ///< package files that are installed over every image
    std::vector<Layer> layers{};         ///< the same, read
    std::vector<KnownProblem> known{};
    bool quick = false;  ///< of an image and case one variant for each verdict that is expected there
    std::vector<CellResult> done{};  ///< verdicts that are known already, by a run that this one continues
    std::optional<std::set<std::string>> only{};  ///< keys of the cells of this shard; none: all
};

struct SchedulerHooks {
    std::function<void(const Event&)> on_event;
    std::function<bool()> interrupted;
    /// The folder for what is saved of a cell's guests, given a result that names the cell.
    std::function<std::string(const CellResult&)> evidence_folder;
};

/// Runs a plan to its end, or until interrupted: what has a verdict by then is kept.
/// @param run gets images, results, host and interrupted. @throws InfraError where no worker can be started.
void run_plan(const Plan& plan, const Settings& settings, WorkerPool& pool, const SchedulerHooks& hooks,
              RunResults& run);

/// The cells of an image, in the order of the plan; all of them, also of a quick one.
std::vector<Job> cells_of(const Plan& plan, const std::string& image);

/// Those that stand for all: of each case the first variant for each verdict that is expected of a guest with
/// these facts, and of one that is skipped throughout the first.
std::vector<Job> representative_cells(const Plan& plan, const std::vector<Job>& cells, const Facts& facts);

}  // namespace clamproof
