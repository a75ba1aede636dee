/// What results.json tells of a case.
#pragma once

#include "casefile/case.h"
#include "engine/results.h"

namespace clamproof {

/// With the text of each script in the case's folder. @throws InfraError where one cannot be read.
CaseInfo case_info(const Case& subject);

}  // namespace clamproof
