/// results.json and the same texts between a worker process and its parent.
///
/// The shape is reports/results.schema.json. Writing bounds what a step holds (`step_output_limit`) and makes
/// guest text valid UTF-8; reading is strict, so a file of another version is refused rather than misread.
#pragma once

#include <string>
#include <string_view>

#include "casefile/case.h"
#include "results/json_parts.h"
#include "results/results.h"

namespace clamproof {

/// The number in results.json's `version`; it rises where a reader of the old shape would go wrong.
inline constexpr int results_version = 5;

/// One line, without a line end.
std::string to_json(const CellResult& cell);
/// The whole file: one line an image and a cell, so that two runs can be compared by diff.
std::string to_json(const RunResults& run);

/// @throws InputError naming the place in the text, what is there and what was expected.
CellResult cell_from_json(std::string_view text);
/// @param name the file's, for messages
/// @throws InputError; as above, and where the version is another.
RunResults run_from_json(std::string_view text, const std::string& name = "results.json");

// --- Its parts, for those who write or send them. Each reader throws InputError naming the place in the
// text.

/// As run_from_json.
RunResults read_run(const Json& json);

JsonOut json_of(const CellResult& cell);
CellResult read_cell(const Json& json);

JsonOut json_of(const HostInfo& host);
HostInfo read_host_info(const Json& json);

JsonOut json_of(const ImageInfo& image);
ImageInfo read_image_info(const Json& json);

/// "failing", "fix:ID"
ArmId read_arm_id(ObjectReader& reader, const char* key);
Verdict read_verdict(ObjectReader& reader, const char* key);

/// What results.json tells of a case, with the text of each script in its folder. @throws InfraError where
/// one cannot be read.
CaseInfo case_info(const Case& subject);
JsonOut json_of(const CaseInfo& info);
CaseInfo read_case_info(const Json& json);

}  // namespace clamproof
