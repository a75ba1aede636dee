/// The reports of an upgrade: for a CI's job page, for a terminal.
#pragma once

#include <string>

#include "reports/layout.h"
#include "results/upgrade_results.h"

namespace clamproof {

/// Silent misses that appear first, then a row a case, what became of fixes, what the upgrade changed, and
/// what was not run.
std::string upgrade_markdown(const UpgradeResults& results);

/// The same in plain text, without what was changed in files. @param out the out folder, to name the logs
std::string upgrade_table(const UpgradeResults& results, const std::string& out, Colour colour);

/// A closing line: "1 regressed, 0 repaired, 3 unchanged", and how many are inconclusive where some are.
std::string closing_line(const UpgradeResults& results);

/// "package clamav-daemon: 1.4.3 → 1.4.6", "file /etc/x: changed", "setting LogFile: gone, was /x": values
/// that are there for comparing alone are not shown.
std::string sentence(const GuestChange& change);

}  // namespace clamproof
