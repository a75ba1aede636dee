/// The parts of results.json, for those who write or send them.
///
/// Each reader throws InputError naming the place in the text.
#pragma once

#include "results/json_parts.h"
#include "results/results.h"

namespace clamproof {

JsonOut json_of(const CellResult& cell);
CellResult read_cell(const Json& json);

JsonOut json_of(const HostInfo& host);
HostInfo read_host_info(const Json& json);

JsonOut json_of(const ImageInfo& image);
ImageInfo read_image_info(const Json& json);

/// "failing", "fix:ID"
ArmId read_arm_id(ObjectReader& reader, const char* key);
Verdict read_verdict(ObjectReader& reader, const char* key);

}  // namespace clamproof
