/// What a bisection found, for reports.
#pragma once

#include <string>
#include <vector>

#include "bisect/bisection.h"
#include "bisect/candidates.h"
#include "proof/judge.h"

namespace clamproof {

/// What differs between the last good candidate and the first bad one.
struct Differences {
    std::vector<std::string> packages;  ///< "libpam-tmpdir 0.09 → 0.10", "+ …", "- …"
    std::vector<std::string> contents;  ///< lines about files and changelogs
    std::vector<std::string> guest;     ///< files below /etc, port labels, booleans, profiles
    std::vector<std::string> policy;    ///< rules: "+ allow …", "- allow …"
};

struct BisectReport {
    std::string started;  ///< ISO 8601, UTC
    double seconds = 0;
    std::string case_id;
    Variant variant;
    Ends ends;
    double confidence = 0;
    std::vector<Candidate> candidates;
    Bisection bisection;
    Differences differences;
    Called called{};  ///< how the bisection was

    bool found() const {
        return !bisection.interrupted && bisection.result.kind == SearchResult::Kind::Change;
    }
    const Candidate& last_good() const { return candidates[bisection.result.last_good]; }
    const Candidate& first_bad() const { return candidates[bisection.result.first_bad]; }
};

}  // namespace clamproof
