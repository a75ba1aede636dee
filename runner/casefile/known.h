/// Failures that are known and waited for: a file beside the cases.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "casefile/case.h"

namespace clamproof {

/// One problem that somebody knows of, until a day.
struct KnownProblem {
    std::string case_id;
    When when;                         ///< facts and variants of the cells it is about
    Verdict verdict = Verdict::Fixed;  ///< what they come out as
    std::string reason;
    std::string link;     ///< where it is followed up
    std::string expires;  ///< its last day, YYYY-MM-DD
    std::string place;    ///< "known.json:3"

    /// Whether it is about such a cell.
    bool is_about(const std::string& id, const Facts& facts, const Variant& variant) const {
        return id == case_id && when.holds(facts, variant);
    }
};

/// Reads `{ "known": [ { "case": …, "when": {…}, "verdict": …, "reason": …, "link": …, "expires": … } ] }`.
/// @param cases all there are, whichever are run
/// @throws InputError naming the place: an unknown key or case, a day that is none.
std::vector<KnownProblem> load_known(const std::filesystem::path& file, const std::vector<Case>& cases);

}  // namespace clamproof
