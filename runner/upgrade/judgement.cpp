#include "upgrade/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

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

}  // namespace

std::string_view to_string(Change change) {
    constexpr std::string_view names[] = {"unchanged", "repaired", "regressed", "inconclusive"};
    return names[static_cast<std::size_t>(change)];
}

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

}  // namespace clamproof
