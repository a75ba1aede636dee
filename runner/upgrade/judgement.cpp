#include "upgrade/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace clamproof {
namespace {

// None where the verdict says nothing about clamd.
std::optional<int> goodness(Verdict verdict) {
    switch (verdict) {
        case Verdict::Immune:
            return 3;
        case Verdict::Fixed:
        case Verdict::Reproduced:
        case Verdict::SelfHealed:
            return 2;
        case Verdict::FixFailed:
        case Verdict::DifferentFailure:
            return 1;
        case Verdict::Unhealthy:
        case Verdict::NotInstallable:
            return 0;
        case Verdict::NotTriggered:
        case Verdict::Skipped:
        case Verdict::InfraError:
            break;
    }
    return std::nullopt;
}

// Why there is no arm for it.
std::string why_not_tried(const Fix& fix, const UpgradeRow& row) {
    if (!fix.is_to_last()) return "it promises to last for nothing";
    if (row.before.verdict == Verdict::Immune) return "before the upgrade nothing fails";
    if (row.with_fixes && row.with_fixes->verdict == Verdict::InfraError) return row.with_fixes->because;
    if (!row.why_not_tried.empty()) return row.why_not_tried;
    return fmt::format("before the upgrade the case is {}", to_string(row.before.verdict));
}

}  // namespace

Judgement judge_upgrade(const SideOfUpgrade& before, const SideOfUpgrade& after,
                        const std::vector<Fate>& fixes) {
    Judgement judgement;
    auto& because = judgement.because;
    if (before.silent_misses == 0 && after.silent_misses > 0)
        because.push_back("an infected file is reported clean, which none was before");
    const auto was = goodness(before.verdict), is = goodness(after.verdict);
    if (was && is && *is < *was)
        because.push_back(
            fmt::format("it was {} and is {}", to_string(before.verdict), to_string(after.verdict)));
    if (const auto lost = std::count(fixes.begin(), fixes.end(), Fate::Lost))
        because.push_back(
            fmt::format("{} that was applied before is lost", lost == 1 ? "a fix" : "more than one fix"));
    if (!because.empty()) {
        judgement.change = Change::Regressed;
    } else if (!was || !is) {
        because.push_back(
            fmt::format("it was {} and is {}", to_string(before.verdict), to_string(after.verdict)));
    } else if (*is > *was) {
        judgement.change = Change::Repaired;
        because.push_back(
            fmt::format("it was {} and is {}", to_string(before.verdict), to_string(after.verdict)));
    } else {
        judgement.change = Change::Unchanged;
    }
    return judgement;
}

bool needs_whole_verdict(Verdict before, Verdict after) {
    return before == Verdict::Reproduced && goodness(after) == goodness(Verdict::FixFailed);
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

}  // namespace clamproof
