/// The summary of a run as Markdown, for a CI's job page.
#pragma once

#include <cstddef>
#include <string>

#include "results/results.h"

namespace clamproof {

/// What GitHub takes of a step's summary is 1 MiB.
inline constexpr std::size_t markdown_limit = 1000 * 1000;

/// Silent misses as a headline, the matrix of cases and images, and of each cell that is not as expected what
/// was claimed and seen and the command that runs it again. At most `limit` bytes: of cells that no longer
/// fit, the number. Nothing a guest prints is taken for Markdown or HTML.
std::string markdown(const RunResults& run, std::size_t limit = markdown_limit);

}  // namespace clamproof
