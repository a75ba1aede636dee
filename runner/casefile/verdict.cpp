#include "casefile/verdict.h"

#include <algorithm>
#include <array>
#include <utility>

namespace clamproof {
namespace {

using namespace std::string_view_literals;

constexpr std::array verdict_words = {
    std::pair{Verdict::Fixed, "fixed"sv},
    std::pair{Verdict::Immune, "immune"sv},
    std::pair{Verdict::NotTriggered, "not-triggered"sv},
    std::pair{Verdict::FixFailed, "fix-failed"sv},
    std::pair{Verdict::SelfHealed, "self-healed"sv},
    std::pair{Verdict::DifferentFailure, "different-failure"sv},
    std::pair{Verdict::Unhealthy, "unhealthy"sv},
    std::pair{Verdict::Reproduced, "reproduced"sv},
    std::pair{Verdict::NotInstallable, "not-installable"sv},
    std::pair{Verdict::Skipped, "skipped"sv},
    std::pair{Verdict::InfraError, "infra-error"sv},
};

}  // namespace

std::string_view to_string(Verdict verdict) {
    for (const auto& [value, name] : verdict_words)
        if (value == verdict) return name;
    return "?";
}

std::optional<Verdict> verdict_from(std::string_view text) {
    for (const auto& [value, name] : verdict_words)
        if (name == text) return value;
    return std::nullopt;
}

std::vector<std::string> verdict_names(std::initializer_list<Verdict> except) {
    std::vector<std::string> others;
    for (const auto& [value, name] : verdict_words)
        if (std::find(except.begin(), except.end(), value) == except.end()) others.emplace_back(name);
    return others;
}

}  // namespace clamproof
