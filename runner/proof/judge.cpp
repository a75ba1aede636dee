#include "proof/judge.h"

#include <fmt/format.h>

#include <filesystem>

namespace clamproof {
namespace {

Side side_of_reproduced(const Ends& ends, std::optional<Verdict> expected) {
    Side side = Side::Unknown;
    for (const Verdict verdict : verdicts_of_the_reproduced) {
        const Side other = side_of(verdict, ends, expected);
        if (other == Side::Unknown) continue;
        if (side != Side::Unknown && side != other) return Side::Unknown;
        side = other;
    }
    return side;
}

}  // namespace

void judge(const Case& subject, const Facts& facts, CellResult& result) {
    const Expectation* expectation = expected(subject, facts, result.variant);
    if (expectation) {
        result.expected = expectation->verdict;
        result.expectation = fmt::format(
            "{}:{}", std::filesystem::proximate(subject.folder / "case.json").string(), expectation->line);
        if (result.verdict == expectation->verdict && result.because.empty())
            result.because = expectation->because;
    }
    if (result.verdict == result.expected) {
        result.outcome = result.verdict == Verdict::Skipped ? Outcome::Skipped : Outcome::Pass;
    } else if (result.verdict == Verdict::InfraError) {
        result.outcome = Outcome::Infra;
    } else {
        result.outcome = result.verdict == Verdict::Skipped ? Outcome::Skipped : Outcome::Mismatch;
    }
}

Side side_of(Verdict verdict, const Ends& ends, std::optional<Verdict> expected) {
    if (verdict == Verdict::InfraError || verdict == Verdict::NotInstallable ||
        verdict == Verdict::NotTriggered || verdict == Verdict::Skipped)
        return Side::Unknown;
    if (verdict == Verdict::Reproduced) return side_of_reproduced(ends, expected);
    if (!ends.named()) return verdict == expected ? Side::Good : Side::Bad;
    if (verdict == ends.good) return Side::Good;
    if (verdict == ends.bad) return Side::Bad;
    if (ends.good && ends.bad) return Side::Unknown;
    return ends.good ? Side::Bad : Side::Good;
}

}  // namespace clamproof
