#include "results/exit_code.h"

#include <algorithm>

namespace clamproof {
namespace {

// A known problem is nobody's news; runs of a cell that are on different sides tell nothing.
Side side_of_runs(const CellResult& cell, const Ends& ends) {
    if (!ends.named() && cell.outcome == Outcome::Known) return Side::Good;
    const Side side = side_of(cell.verdict, ends, cell.expected);
    const bool agreed = std::all_of(cell.reruns.begin(), cell.reruns.end(), [&](const CellResult& run) {
        const Side other = side_of(run.verdict, ends, cell.expected);
        return other == side || other == Side::Unknown;
    });
    return agreed ? side : Side::Unknown;
}

bool is_untested(const CellResult& cell) {
    return cell.verdict == Verdict::InfraError;
}

}  // namespace

Exit::Code exit_code(const RunResults& run) {
    if (run.interrupted) return Exit::Interrupted;
    const auto any = [&](std::initializer_list<Outcome> outcomes) {
        return std::any_of(run.results.begin(), run.results.end(), [&](const CellResult& cell) {
            return std::find(outcomes.begin(), outcomes.end(), cell.outcome) != outcomes.end();
        });
    };
    if (any({Outcome::Mismatch, Outcome::Flaky})) return Exit::Mismatch;
    return any({Outcome::Infra}) ? Exit::HarnessTrouble : Exit::AsExpected;
}

Exit::Code exit_code(const UpgradeResults& results) {
    if (results.interrupted) return Exit::Interrupted;
    const auto any = [&](auto what) { return std::any_of(results.rows.begin(), results.rows.end(), what); };
    if (any([](const UpgradeRow& row) { return row.judgement.change == Change::Regressed; }) ||
        std::any_of(results.images.begin(), results.images.end(),
                    [](const UpgradedImage& image) { return !image.not_installable.empty(); }))
        return Exit::Mismatch;
    const bool untested = any([](const UpgradeRow& row) {
        return is_untested(row.before) || is_untested(row.after) ||
               (row.with_fixes && is_untested(*row.with_fixes));
    });
    return untested ? Exit::HarnessTrouble : Exit::AsExpected;
}

Exit::Code bisect_exit(const RunResults& run, const Ends& ends) {
    if (run.interrupted) return Exit::Interrupted;
    bool any = false;
    bool unknown = false;
    for (const CellResult& cell : run.results) {
        if (cell.verdict == Verdict::Skipped) continue;
        any = true;
        const Side side = side_of_runs(cell, ends);
        if (side == Side::Bad) return Exit::Mismatch;
        unknown = unknown || side == Side::Unknown;
    }
    return any && !unknown ? Exit::AsExpected : Exit::CannotTell;
}

}  // namespace clamproof
