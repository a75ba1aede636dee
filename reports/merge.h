/// Several runs as one.
#pragma once

#include <string>
#include <vector>

#include "results/results.h"

namespace clamproof {

/// A run and where it was read from.
struct Part {
    std::string name;  ///< of its folder, for messages
    RunResults run;
};

/// The runs of shards as the one run they stand for: cells in the order in which they were declared, workers
/// numbered on, the longest run's seconds. Where the shards' hosts differ, `why` tells each.
/// @param declared the texts (CellId::text) of all cells; every one has to be there, once, and no other
/// @throws InputError that names what is missing, double or not of the same plan.
RunResults merge(const std::vector<Part>& parts, const std::vector<std::string>& declared);

}  // namespace clamproof
