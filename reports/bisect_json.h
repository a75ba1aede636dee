/// bisect.json, the one source of what is told of a bisection; its shape is reports/bisect.schema.json.
#pragma once

#include <string>

#include "bisect/report.h"

namespace clamproof {

/// The whole file: one line a candidate and a run.
std::string to_json(const BisectReport& report);

}  // namespace clamproof
