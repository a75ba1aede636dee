/// The cells of a plan shared out over several runs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/plan.h"

namespace clamproof {

/// What the environment says of a variable; none where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// "2/4", or "auto": what the CI says, by CI_NODE_INDEX and CI_NODE_TOTAL (GitLab, from 1),
/// BUILDKITE_PARALLEL_JOB and …_JOB_COUNT (Buildkite, from 0), or JOB_COMPLETION_INDEX (an indexed Job of
/// Kubernetes, from 0) with CLAMPROOF_SHARDS, since Kubernetes does not tell the number.
/// @throws InputError that says what is wrong.
Shard read_shard(const std::string& text, const Environment& environment);

/// The cells of one shard, in their order. Every cell is in exactly one shard, and the same for every run
/// that is given the same cells and seconds: nothing of the host counts.
/// Shards get about the same work; of an image's or a case's cells the more in one shard the better, since
/// an image has to be built or restored there and cells of a case share states.
/// @param seconds how long a cell is expected to take; none where nobody knows
std::vector<CellId> cells_of_shard(const std::vector<CellId>& cells, const Shard& shard,
                                   const std::function<std::optional<double>(const CellId&)>& seconds);

/// Leaves of a plan the cells of a shard, and the images they need.
void keep_cells_of(Plan& plan, const Shard& shard,
                   const std::function<std::optional<double>(const CellId&)>& seconds);

}  // namespace clamproof
