/// What an upgrade did to cases, fixes and guests: the one source of its reports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "casefile/case.h"
#include "results/results.h"
#include "upgrade/judgement.h"
#include "upgrade/what_changed.h"

namespace clamproof {

/// What guests are before the upgrade. Packaged files that somebody has changed stay as they are through an
/// upgrade, so a lived-in guest does not show what the new ones do; and one as shipped does not show what an
/// upgrade does to a site.
enum class Before { AsShipped, LivedIn };
/// "as-shipped", "lived-in"
std::string_view to_string(Before state);

/// A case in one variant, on both sides.
struct UpgradeRow {
    std::string image;
    Before state = Before::AsShipped;
    std::string case_id;
    Variant variant;
    CellResult before;
    CellResult after;
    bool before_is_whole = false;          ///< else it was run until it was reproduced, and no further
    std::optional<CellResult> with_fixes;  ///< an arm for each fix, applied before the upgrade; none where
                                           ///< they were not tried
    std::string why_not_tried;             ///< why there is none, where it is not for the verdict before
    std::vector<FixOutcome> fixes;
    Judgement judgement;
};

/// A package that was to be installed.
struct UpgradePackage {
    std::string name;
    std::string version;
    std::string file;  ///< its name
};

struct UpgradedImage {
    std::string name;
    Before state = Before::AsShipped;
    std::string digest;
    std::vector<UpgradePackage> from{}, to{};
    std::string not_installable{};       ///< the package manager's words; empty where they install
    std::string words{};                 ///< all that it said of the upgrade
    std::vector<GuestChange> changes{};  ///< by the upgrade
};

/// A case that no guest of an image is for.
struct SkippedCase {
    std::string image;
    std::string case_id;
    std::string because;
};

struct UpgradeResults {
    std::string started{};  ///< ISO 8601, UTC
    double seconds = 0;
    bool interrupted = false;
    HostInfo host{};
    std::vector<std::string> from{}, to{};  ///< as they were asked for
    std::vector<UpgradedImage> images{};
    std::vector<UpgradeRow> rows{};
    std::vector<SkippedCase> skipped{};
};

/// Packaged files that the upgrade brought and that were not taken, because the site had changed its own:
/// their names.
std::vector<std::string> not_taken(const UpgradedImage& image);

/// How the program ends: 130 interrupted, 1 something regressed, 3 something could not be told because the
/// harness could not do its work, 0 else.
int exit_code(const UpgradeResults& results);

/// Fills in the judgement, and for each fix of which nothing is known why that is.
/// @param subject the row's case @param facts of the guest before
void judge_row(UpgradeRow& row, const Case& subject, const Facts& facts);

/// Scans in which an infected file was reported clean, in the arms that are run on both sides.
int comparable_silent_misses(const CellResult& cell);

/// Rows in which silent misses appear, regressed rows, and so on: a closing line, "1 regressed, 0 repaired, 3
/// unchanged".
std::string closing_line(const UpgradeResults& results);

}  // namespace clamproof
