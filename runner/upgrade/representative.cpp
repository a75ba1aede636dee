#include "upgrade/representative.h"

#include "casefile/matrix.h"

namespace clamproof {

std::optional<Variant> representative(const Case& subject, const Facts& facts) {
    std::optional<Variant> first;
    for (const auto& variant : expand(subject.matrix)) {
        if (why_skipped(subject, facts, variant)) continue;
        const Expectation* expectation = expected(subject, facts, variant);
        if (expectation && expectation->verdict == Verdict::Fixed) return variant;
        if (!first) first = variant;
    }
    return first;
}

}  // namespace clamproof
