/// What a bisection is about.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bisect/candidates.h"
#include "casefile/case.h"
#include "image/built_image.h"
#include "proof/judge.h"

namespace clamproof {

struct BisectPlan {
    Case subject;
    std::string library;  ///< text of the cases' lib.sh
    Variant variant;
    Ends ends;
    double confidence = 0.99;
    std::map<std::string, BuiltImage> images;  ///< ready; those of the candidates, by name
    std::vector<Candidate> candidates;         ///< from the good end to the bad one
};

}  // namespace clamproof
