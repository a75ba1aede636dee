/// results.json and the same text between a worker process and its parent.
///
/// The shape is reports/results.schema.json. Writing bounds what a step holds (`step_output_limit`) and makes
/// guest text valid UTF-8; reading is strict, so a file of another version is refused rather than misread.
#pragma once

#include <string>
#include <string_view>

#include "results/results.h"

namespace clamproof {

/// The number in results.json's `version`; it rises where a reader of the old shape would go wrong.
inline constexpr int results_version = 4;

/// One line, without a line end.
std::string to_json(const CellResult& cell);
/// The whole file: one line an image and a cell, so that two runs can be compared by diff.
std::string to_json(const RunResults& run);

/// @throws InputError naming the place in the text, what is there and what was expected.
CellResult cell_from_json(std::string_view text);
/// @param name the file's, for messages
/// @throws InputError; as above, and where the version is another.
RunResults run_from_json(std::string_view text, const std::string& name = "results.json");

}  // namespace clamproof
