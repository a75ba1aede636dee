#include "upgrade/upgrade_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "proof/fix_survival.h"

namespace clamproof {
namespace {

bool harness_failed(const CellResult& cell) {
    return cell.verdict == Verdict::InfraError;
}

// Why there is no arm for it.
std::string why_not_tried(const Fix& fix, const UpgradeRow& row) {
    if (!is_to_last(fix)) return "it promises to last for nothing";
    if (row.before.verdict == Verdict::Immune) return "before the upgrade nothing fails";
    if (row.with_fixes && harness_failed(*row.with_fixes)) return row.with_fixes->because;
    if (!row.why_not_tried.empty()) return row.why_not_tried;
    return fmt::format("before the upgrade the case is {}", to_string(row.before.verdict));
}

}  // namespace

std::string_view to_string(Before state) {
    return state == Before::AsShipped ? "as-shipped" : "lived-in";
}

std::vector<std::string> not_taken(const UpgradedImage& image) {
    std::vector<std::string> files;
    for (const auto& change : image.changes)
        if (change.kind == "not-taken" && !change.after.empty()) files.push_back(change.name);
    return files;
}

int comparable_silent_misses(const CellResult& cell) {
    int misses = 0;
    for (const auto& arm : cell.arms)
        if (arm.id == ArmId::healthy() || arm.id == ArmId::failing())
            misses += static_cast<int>(std::count_if(arm.scans.begin(), arm.scans.end(),
                                                     [](const Scan& scan) { return scan.silent_miss(); }));
    return misses;
}

void judge_row(UpgradeRow& row, const Case& subject, const Facts& facts) {
    const std::vector<FixOutcome> known = std::exchange(row.fixes, {});
    std::vector<Fate> fates;
    for (const Fix* fix : fixes_for(subject, facts, row.variant)) {
        const auto one = std::find_if(known.begin(), known.end(), [&](const FixOutcome& outcome) {
            return outcome.fix == fix->id && outcome.fate != Fate::NotTried;
        });
        row.fixes.push_back(
            one != known.end()
                ? *one
                : FixOutcome{.fix = fix->id, .fate = Fate::NotTried, .why = why_not_tried(*fix, row)});
        fates.push_back(row.fixes.back().fate);
    }
    row.judgement = judge_upgrade(
        {.verdict = row.before.verdict, .silent_misses = comparable_silent_misses(row.before)},
        {.verdict = row.after.verdict, .silent_misses = comparable_silent_misses(row.after)}, fates);
}

int exit_code(const UpgradeResults& results) {
    if (results.interrupted) return 130;
    const auto any = [&](auto what) { return std::any_of(results.rows.begin(), results.rows.end(), what); };
    if (any([](const UpgradeRow& row) { return row.judgement.change == Change::Regressed; })) return 1;
    if (std::any_of(results.images.begin(), results.images.end(),
                    [](const UpgradedImage& image) { return !image.not_installable.empty(); }))
        return 1;
    if (any([](const UpgradeRow& row) {
            return harness_failed(row.before) || harness_failed(row.after) ||
                   (row.with_fixes && harness_failed(*row.with_fixes));
        }))
        return 3;
    return 0;
}

std::string closing_line(const UpgradeResults& results) {
    const auto count = [&](Change change) {
        return std::count_if(results.rows.begin(), results.rows.end(),
                             [=](const UpgradeRow& row) { return row.judgement.change == change; });
    };
    std::string line = fmt::format("{} regressed, {} repaired, {} unchanged", count(Change::Regressed),
                                   count(Change::Repaired), count(Change::Unchanged));
    if (const auto inconclusive = count(Change::Inconclusive))
        line += fmt::format(", {} inconclusive", inconclusive);
    return line;
}

}  // namespace clamproof
