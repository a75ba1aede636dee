#include "reports/matrix.h"

#include <fmt/format.h>

#include <algorithm>

namespace clamproof {
namespace {

// From what nobody needs to look at to what somebody has to.
int gravity(Outcome outcome) {
    switch (outcome) {
        case Outcome::Skipped:
            return 0;
        case Outcome::Pass:
            return 1;
        case Outcome::Known:
            return 2;
        case Outcome::Infra:
            return 3;
        case Outcome::Flaky:
            return 4;
        case Outcome::Mismatch:
            break;
    }
    return 5;
}

struct Tally {
    Outcome worst = Outcome::Skipped;
    int silent_misses = 0;
    std::size_t all = 0;                                        // that were not skipped
    std::vector<std::pair<std::string, std::size_t>> verdicts;  // of cells with the worst outcome

    void add(const CellResult& cell) {
        silent_misses += cell.silent_misses();
        if (cell.outcome != Outcome::Skipped) ++all;
        if (gravity(cell.outcome) > gravity(worst)) {
            worst = cell.outcome;
            verdicts.clear();
        }
        if (cell.outcome != worst) return;
        const std::string verdict(to_string(cell.verdict));
        const auto known = std::find_if(verdicts.begin(), verdicts.end(),
                                        [&](const auto& one) { return one.first == verdict; });
        if (known == verdicts.end())
            verdicts.emplace_back(verdict, 1);
        else
            ++known->second;
    }

    std::string words() const {
        if (worst == Outcome::Skipped) return "skipped";
        std::string text;
        for (const auto& [verdict, count] : verdicts) {
            if (!text.empty()) text += ", ";
            if (worst != Outcome::Pass && all > 1)
                text += fmt::format("{} of {} ", count, all);
            else if (all > 1)
                text += fmt::format("{} ", count);
            text += verdict;
        }
        return text;
    }
};

template <typename Names>
void add_once(Names& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

ResultMatrix matrix_of(const std::vector<CellResult>& cells) {
    ResultMatrix matrix;
    std::map<std::pair<std::string, std::string>, Tally> tallies;
    for (const auto& cell : cells) {
        add_once(matrix.images, cell.image);
        add_once(matrix.cases, cell.case_id);
        tallies[{cell.case_id, cell.image}].add(cell);
    }
    for (const auto& [place, tally] : tallies)
        matrix.fields[place] = {
            .outcome = tally.worst, .words = tally.words(), .silent_misses = tally.silent_misses};
    return matrix;
}

}  // namespace clamproof
