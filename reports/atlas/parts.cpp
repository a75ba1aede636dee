#include "reports/atlas/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "casefile/when.h"
#include "reports/log_files.h"
#include "reports/sections.h"
#include "support/text.h"

namespace clamproof {
namespace {

// What a result's evidence may take: 20,000 results are to be one page.
constexpr std::size_t line_limit = 200, lines_limit = 8;

bool is_reproduced(Verdict verdict) {
    return verdict == Verdict::Fixed || verdict == Verdict::FixFailed || verdict == Verdict::SelfHealed ||
           verdict == Verdict::Reproduced;
}

std::vector<std::string> words_of_failing(const Arm& arm) {
    std::vector<std::string> words;
    for (const Step& step : arm.steps) {
        if (step.what != "probe" && step.what != "evidence") continue;
        const auto lines = lines_of((step.out.empty() ? step.err : step.out).raw());
        if (!lines.empty()) words.push_back(fmt::format("{}: {}", step.what, lines.back()));
    }
    for (const Denial& denial : arm.denials) words.push_back("denied: " + denial_line(denial));
    return words;
}

}  // namespace

bool AtlasGuest::operator<(const AtlasGuest& other) const {
    const auto rank = [](const AtlasGuest& one, const AtlasGuest& two) {
        return std::tuple(one.distro.empty() - two.distro.empty(), one.distro.compare(two.distro),
                          compare_versions(one.release, two.release), compare_versions(one.clamd, two.clamd),
                          one.release.compare(two.release), one.clamd.compare(two.clamd));
    };
    return rank(*this, other) < std::tuple(0, 0, 0, 0, 0, 0);
}

std::string AtlasGuest::text() const {
    const std::string where = distro.empty()
                                  ? "unknown guest"
                                  : fmt::format("{} {}", distro, release.empty() ? "(no release)" : release);
    return fmt::format("{}, clamd {}", where, clamd.empty() ? "unknown" : clamd);
}

AtlasGuest atlas_guest(const std::map<std::string, std::string>& facts) {
    const auto fact = [&](const char* name) {
        const auto found = facts.find(name);
        return found == facts.end() ? std::string() : found->second;
    };
    return {.distro = fact("distro"), .release = fact("release"), .clamd = fact("clamd")};
}

bool tells(const AtlasResult& result) {
    switch (result.verdict) {
        case Verdict::Fixed:
        case Verdict::Immune:
        case Verdict::FixFailed:
        case Verdict::SelfHealed:
        case Verdict::DifferentFailure:
        case Verdict::Reproduced:
            return true;
        default:
            return false;
    }
}

bool agree(const AtlasResult& one, const AtlasResult& other) {
    if ((one.silent_misses > 0) != (other.silent_misses > 0)) return false;
    const bool asked = one.verdict != Verdict::Reproduced && other.verdict != Verdict::Reproduced;
    return asked ? one.verdict == other.verdict : is_reproduced(one.verdict) && is_reproduced(other.verdict);
}

const AtlasResult& current(const std::vector<AtlasResult>& results) {
    const auto found = std::find_if(results.begin(), results.end(), tells);
    return found == results.end() ? results.front() : *found;
}

bool disagree(const std::vector<AtlasResult>& results) {
    return std::any_of(results.begin(), results.end(), [&](const AtlasResult& result) {
        return result.flaky || (tells(result) && !agree(result, current(results)));
    });
}

std::vector<std::string> evidence_of(const CellResult& cell) {
    std::vector<std::string> words;
    if (!cell.because.empty()) words.push_back(cell.because);
    for (const auto& [which, what] : {std::pair(Misses::Alarming, "silent miss that no failure explains"),
                                      std::pair(Misses::Explained, "silent miss")})
        if (const auto missed = misses_in_short(cell, which); !missed.empty())
            words.push_back(fmt::format("{}: {}", what, missed));
    for (const Arm& arm : cell.arms) {
        if (!arm.held)
            words.push_back(fmt::format("{}: {}", arm.id.text(), arm.seen));
        else if (arm.id.is_fix())
            words.push_back("cured by " + arm.id.fix_id());
        else if (arm.id == ArmId::failing())
            for (auto& line : words_of_failing(arm)) words.push_back(std::move(line));
    }
    words.resize(std::min(words.size(), lines_limit));
    for (auto& line : words) line = one_line(line, line_limit);
    return words;
}

}  // namespace clamproof
