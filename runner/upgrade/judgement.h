/// Which of two verdicts is better for whoever runs clamd, and what an upgrade that lies between them did.
/// The whole of it, so that it can be argued about in one place.
#pragma once

#include <vector>

#include "casefile/case.h"
#include "results/upgrade_results.h"

namespace clamproof {

/// A case on one side of the upgrade.
struct SideOfUpgrade {
    Verdict verdict = Verdict::InfraError;
    int silent_misses = 0;  ///< in the arms that were run on both sides
};

/// The order is: nothing fails (immune); it fails, and there is a cure (fixed, reproduced, self-healed); it
/// fails, and what is documented does not help (fix-failed, different-failure); clamd does not do its work
/// before anything is broken (unhealthy), or is not there (not-installable). A step down is a regression, a
/// step up a repair. A silent miss where there was none, and a fix that is lost, are regressions whatever the
/// verdicts. Where a side is skipped or infra-error, nothing can be told of the verdicts.
Judgement judge_upgrade(const SideOfUpgrade& before, const SideOfUpgrade& after,
                        const std::vector<Fate>& fixes);

/// Whether the whole verdict before has to be known to judge: `reproduced` leaves open whether fixes that do
/// not work after the upgrade worked before.
bool needs_whole_verdict(Verdict before, Verdict after);

/// Fills in the judgement, and for each fix of which nothing is known why that is.
/// @param subject the row's case @param facts of the guest before
void judge_row(UpgradeRow& row, const Case& subject, const Facts& facts);

}  // namespace clamproof
