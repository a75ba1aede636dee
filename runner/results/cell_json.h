/// A cell's result as JSON; for results_json.cpp and events.cpp.
#pragma once

#include "results/json_parts.h"
#include "results/results.h"

namespace clamproof {

JsonOut json_of(const CellResult& cell);

/// @throws InputError naming the place in the text.
CellResult read_cell(const Json& json);

}  // namespace clamproof
