#include "run/plan.h"

#include <algorithm>
#include <map>

namespace clamproof {

const Case& Plan::case_of(const CellId& cell) const {
    return *std::find_if(cases.begin(), cases.end(),
                         [&](const Case& candidate) { return candidate.id == cell.case_id; });
}

int Plan::largest_guest() const {
    int largest = 0;
    for (const auto& image : images) largest = std::max(largest, image.memory_mib);
    return largest;
}

std::vector<CellId> cells_of(const Plan& plan, const std::string& image) {
    std::vector<CellId> cells;
    for (const auto& subject : plan.cases)
        for (const auto& variant : expand(subject.matrix, plan.variants)) {
            CellId cell{.image = image, .case_id = subject.id, .variant = variant};
            if (!plan.only || plan.only->contains(cell)) cells.push_back(std::move(cell));
        }
    return cells;
}

std::vector<CellId> all_cells(const Plan& plan) {
    std::vector<CellId> all;
    for (const auto& image : plan.images)
        for (auto& cell : cells_of(plan, image.name)) all.push_back(std::move(cell));
    return all;
}

std::vector<CellId> representative_cells(const Plan& plan, const std::vector<CellId>& cells,
                                         const Facts& facts) {
    std::vector<CellId> chosen;
    std::map<std::string, std::vector<CellId>> skipped;                // by case
    std::map<std::string, std::set<std::optional<Verdict>>> verdicts;  // that a case has a cell for
    for (const auto& cell : cells) {
        const Case& subject = plan.case_of(cell);
        if (why_skipped(subject, facts, cell.variant)) {
            skipped[cell.case_id].push_back(cell);
            continue;
        }
        const Expectation* expectation = expected(subject, facts, cell.variant);
        const auto verdict = expectation ? std::optional(expectation->verdict) : std::nullopt;
        if (verdicts[cell.case_id].insert(verdict).second) chosen.push_back(cell);
    }
    for (const auto& [subject, jobs] : skipped)
        if (!verdicts.contains(subject)) chosen.push_back(jobs.front());
    return chosen;
}

}  // namespace clamproof
