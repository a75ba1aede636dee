/// Cells folded into a matrix of cases and images.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "results/results.h"

namespace clamproof {

/// All variants of a case on an image.
struct Field {
    Outcome outcome = Outcome::Skipped;  ///< the worst
    std::string words;                   ///< "fixed", "24 fixed", "1 of 24 fix-failed", "skipped"
    int silent_misses = 0;
};

struct ResultMatrix {
    std::vector<std::string> images, cases;                       ///< in the order of the results
    std::map<std::pair<std::string, std::string>, Field> fields;  ///< by case and image
};

ResultMatrix matrix_of(const std::vector<CellResult>& cells);

}  // namespace clamproof
