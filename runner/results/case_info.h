/// What results.json tells of a case.
#pragma once

#include "casefile/case.h"
#include "results/json_parts.h"
#include "results/results.h"

namespace clamproof {

/// With the text of each script in the case's folder. @throws InfraError where one cannot be read.
CaseInfo case_info(const Case& subject);

JsonOut json_of(const CaseInfo& info);
/// @throws InputError naming the place in the text.
CaseInfo read_case_info(const Json& json);

}  // namespace clamproof
