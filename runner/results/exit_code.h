/// How the program ends: the one place where its exit codes are.
#pragma once

#include "results/judge.h"
#include "results/results.h"
#include "results/upgrade_results.h"

namespace clamproof {

struct Exit {
    enum Code : int {
        AsExpected = 0,      ///< all as expected, skipped or known
        Mismatch = 1,        ///< some verdict differs, something regressed or is bad
        BadInput = 2,        ///< the command line, a case or an image definition
        HarnessTrouble = 3,  ///< something is left untested, of which clamd is not to blame
        CannotTell = 125,    ///< for `git bisect run` (git-bisect(1)): neither good nor bad
        Interrupted = 130,
    };
};

/// A mismatch counts more than the harness's trouble, whatever else there is: it is a finding.
Exit::Code exit_code(const RunResults& run);

/// Mismatch where a case regressed, or the packages do not install.
Exit::Code exit_code(const UpgradeResults& results);

/// For `git bisect run`: AsExpected where every cell is good, Mismatch where some cell is bad. CannotTell
/// where a cell is neither, its packages do not install, the harness could not do its work, or nothing was
/// run. At Interrupted git stops.
Exit::Code bisect_exit(const RunResults& run, const Ends& ends);

}  // namespace clamproof
