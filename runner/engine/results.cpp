#include "engine/results.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace clamproof {
namespace {

using namespace std::string_view_literals;

constexpr std::array verdicts = {
    std::pair{Verdict::Fixed, "fixed"sv},
    std::pair{Verdict::Immune, "immune"sv},
    std::pair{Verdict::FixFailed, "fix-failed"sv},
    std::pair{Verdict::SelfHealed, "self-healed"sv},
    std::pair{Verdict::DifferentFailure, "different-failure"sv},
    std::pair{Verdict::Unhealthy, "unhealthy"sv},
    std::pair{Verdict::Skipped, "skipped"sv},
    std::pair{Verdict::InfraError, "infra-error"sv},
};

constexpr std::array outcomes = {
    std::pair{Outcome::Pass, "pass"sv},
    std::pair{Outcome::Mismatch, "mismatch"sv},
    std::pair{Outcome::Skipped, "skipped"sv},
    std::pair{Outcome::Infra, "infra"sv},
};

template <typename Names, typename Value>
std::string_view name_of(const Names& names, Value value) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& name) { return name.first == value; });
    return found == names.end() ? "?"sv : found->second;
}

template <typename Names>
auto value_of(const Names& names, std::string_view text) -> std::optional<decltype(names[0].first)> {
    for (const auto& [value, name] : names)
        if (name == text) return value;
    return std::nullopt;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    return name_of(verdicts, verdict);
}
std::optional<Verdict> verdict_from(std::string_view text) {
    return value_of(verdicts, text);
}

std::string_view to_string(Outcome outcome) {
    return name_of(outcomes, outcome);
}
std::optional<Outcome> outcome_from(std::string_view text) {
    return value_of(outcomes, text);
}

bool Denial::same_kind(const Denial& other) const {
    const auto kind = [](const Denial& denial) {
        return std::tie(denial.lsm, denial.source, denial.target, denial.object, denial.permission,
                        denial.comm, denial.path);
    };
    return kind(*this) == kind(other);
}

int CellResult::silent_misses() const {
    int misses = 0;
    for (const Arm& arm : arms)
        misses += static_cast<int>(std::count_if(arm.scans.begin(), arm.scans.end(),
                                                 [](const Scan& scan) { return scan.silent_miss(); }));
    return misses;
}

std::string variant_name(const std::map<std::string, std::string>& variant) {
    std::string name;
    for (const auto& [key, value] : variant) name += (name.empty() ? "" : "/") + value;
    return name;
}

}  // namespace clamproof
