/// What a bisection is about.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bisect/candidates.h"
#include "bisect/search.h"
#include "casefile/case.h"
#include "image/definition.h"
#include "jobs/event.h"
#include "results/judge.h"

namespace clamproof {

/// An image that candidates are installed over, or that is one.
struct BisectImage {
    ImageDefinition definition;
    ImageReady ready;
};

struct BisectPlan {
    Case subject;
    std::string library;  ///< text of the cases' lib.sh
    Variant variant;
    Ends ends;
    double confidence = usual_confidence;
    std::map<std::string, BisectImage> images;  ///< those of the candidates, by name
    std::vector<Candidate> candidates;          ///< from the good end to the bad one
    Called called{};                            ///< how the bisection was
};

}  // namespace clamproof
