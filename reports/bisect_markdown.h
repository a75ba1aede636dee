/// bisect.md: what a bisection found, for a page that a person reads.
#pragma once

#include <string>

#include "bisect/report.h"

namespace clamproof {

/// The conclusion, both neighbours arm by arm side by side, what differs between them, and every run. Nothing
/// a guest or a package says is taken for Markdown or HTML.
std::string markdown(const BisectReport& report);

}  // namespace clamproof
