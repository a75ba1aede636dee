/// The end of a run, for a person at a terminal or a reader of a CI log.
#pragma once

#include <string>

#include "reports/layout.h"
#include "results/results.h"

namespace clamproof {

struct TableOptions {
    Colour colour = Colour::Never;
    std::string out = {};   ///< the out folder, to name the logs; empty where there is none
    std::string from = {};  ///< the absolute folder that `out` is found from
};

/// Plain text: one row a cell, skipped cells folded into one line an image and case; a summary with what the
/// guests ran on; a headline for silent misses; what was claimed and seen of every unexpected cell, with the
/// commands that show it again; and `closing_line` as the last line.
std::string verdict_table(const RunResults& run, const TableOptions& options);

}  // namespace clamproof
