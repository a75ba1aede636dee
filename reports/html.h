/// The report as one page that needs no network and nothing beside it.
#pragma once

#include <optional>
#include <string>

#include "results/results.h"

namespace clamproof {

/// reports/report.html with the run in it as data: the page's own script shows it as text, and its content
/// security policy lets no other script run, so nothing a guest prints is ever markup. Of each output of a
/// step at most 4 KiB; equal texts are held once.
/// @param former an earlier run to compare verdicts with
std::string html(const RunResults& run, const std::optional<RunResults>& former = std::nullopt);

}  // namespace clamproof
