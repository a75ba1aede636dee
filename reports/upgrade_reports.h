/// The reports of an upgrade: for programs (reports/upgrade.schema.json), for a CI's job page, for a
/// terminal.
#pragma once

#include <string>

#include "reports/layout.h"
#include "upgrade/upgrade_results.h"

namespace clamproof {

/// Ends with a line end.
std::string upgrade_json(const UpgradeResults& results);

/// Silent misses that appear first, then a row a case, what became of fixes, what the upgrade changed, and
/// what was not run.
std::string upgrade_markdown(const UpgradeResults& results);

/// The same in plain text, without what was changed in files. @param out the out folder, to name the logs
std::string upgrade_table(const UpgradeResults& results, const std::string& out, Colour colour);

/// Sentences on what an upgrade leaves out, and what that means.
std::vector<std::string> not_run(const UpgradeResults& results);

/// Rows in which an infected file is reported clean after the upgrade, and none was before.
std::vector<const UpgradeRow*> appearing_silent_misses(const UpgradeResults& results);

}  // namespace clamproof
