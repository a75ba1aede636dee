#include "run/known_cell.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace clamproof {
void apply_known(const std::vector<KnownProblem>& known, const Facts& facts, const std::string& today,
                 CellResult& cell) {
    const auto problem = std::find_if(known.begin(), known.end(), [&](const KnownProblem& one) {
        return one.is_about(cell.case_id, facts, cell.variant);
    });
    if (problem == known.end()) return;
    if (cell.outcome == Outcome::Pass) {
        cell.outcome = Outcome::Mismatch;
        cell.known = fmt::format("the known problem at {} is cured here: take it out, or narrow its \"when\"",
                                 problem->place);
        return;
    }
    if (cell.outcome != Outcome::Mismatch || cell.verdict != problem->verdict) return;
    // Days of this form are in the order of their letters.
    if (today > problem->expires) {
        cell.known = fmt::format("the known problem at {} has expired on {}: {} ({})", problem->place,
                                 problem->expires, problem->reason, problem->link);
        return;
    }
    cell.outcome = Outcome::Known;
    cell.known = fmt::format("known until {}: {} ({})", problem->expires, problem->reason, problem->link);
}

std::string today() {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace clamproof
