/// What a run is to do, and how its cells are shared out over several runs.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "casefile/case.h"
#include "casefile/known.h"
#include "casefile/matrix.h"
#include "image/layer.h"
#include "results/results.h"

namespace clamproof {

struct Plan {
    std::vector<ImageDefinition> images;
    std::vector<Case> cases;
    VariantFilter variants;
    std::vector<Layer> layers{};  ///< done to every image
    std::vector<KnownProblem> known{};
    bool quick = false;  ///< of an image and case one variant for each verdict that is expected there
    std::vector<CellResult> done{};                ///< of the run that this one continues
    std::map<std::string, std::string> copy_of{};  ///< of cases that are copies: id → that of the original
    Called called{};                               ///< how the run was
    std::optional<std::set<CellId>> only{};        ///< the cells of this shard; none: all

    const Case& case_of(const CellId& cell) const;
};

/// The cells of an image, in the order of the plan; all of them, also of a quick one.
std::vector<CellId> cells_of(const Plan& plan, const std::string& image);

/// Every cell of the plan, in its order.
std::vector<CellId> all_cells(const Plan& plan);

/// Those that stand for all: of each case the first variant for each verdict that is expected of a guest with
/// these facts, and of one that is skipped throughout the first.
std::vector<CellId> representative_cells(const Plan& plan, const std::vector<CellId>& cells,
                                         const Facts& facts);

/// What the environment says of a variable; none where it is not set.
using VariableLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// "2/4", or "auto": what the CI says, by CI_NODE_INDEX and CI_NODE_TOTAL (GitLab, from 1),
/// BUILDKITE_PARALLEL_JOB and …_JOB_COUNT (Buildkite, from 0), or JOB_COMPLETION_INDEX (an indexed Job of
/// Kubernetes, from 0) with CLAMPROOF_SHARDS, since Kubernetes does not tell the number.
/// @throws InputError that says what is wrong.
Shard read_shard(const std::string& text, const VariableLookup& environment);

/// The cells of one shard, in their order. Every cell is in exactly one shard, and the same for every run
/// that is given the same cells and seconds: nothing of the host counts.
/// Shards get about the same work; of an image's or a case's cells the more in one shard the better, since
/// an image has to be built or restored there and cells of a case share states.
/// @param seconds how long a cell is expected to take; none where nobody knows
std::vector<CellId> cells_of_shard(const std::vector<CellId>& cells, const Shard& shard,
                                   const std::function<std::optional<double>(const CellId&)>& seconds);

/// Leaves of a plan the cells of a shard, and the images they need.
void restrict_to_shard(Plan& plan, const Shard& shard,
                       const std::function<std::optional<double>(const CellId&)>& seconds);

}  // namespace clamproof
