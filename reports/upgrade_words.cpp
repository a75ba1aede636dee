#include <algorithm>

#include "reports/upgrade_reports.h"

namespace clamproof {

std::vector<const UpgradeRow*> appearing_silent_misses(const UpgradeResults& results) {
    std::vector<const UpgradeRow*> rows;
    for (const auto& row : results.rows)
        if (comparable_silent_misses(row.before) == 0 && comparable_silent_misses(row.after) > 0)
            rows.push_back(&row);
    return rows;
}

std::vector<std::string> not_run(const UpgradeResults& results) {
    std::vector<std::string> sentences;
    if (std::any_of(results.rows.begin(), results.rows.end(),
                    [](const UpgradeRow& row) { return row.before.verdict == Verdict::Reproduced; }))
        sentences.push_back(
            "Before the upgrade a case that is \"reproduced\" was run until its documented failure was seen; "
            "that its "
            "fixes cure there is known of those that were then upgraded, and its control was not run.");
    if (std::any_of(results.rows.begin(), results.rows.end(), [](const UpgradeRow& row) {
            return std::any_of(row.fixes.begin(), row.fixes.end(),
                               [](const FixOutcome& fix) { return fix.fate == Fate::NotTried; });
        }))
        sentences.push_back(
            "Fixes marked \"not-tried\" were not carried over the upgrade, for the reason beside them.");
    return sentences;
}

}  // namespace clamproof
