/// What an upgrade did to cases, fixes and guests: the one source of its reports.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casefile/ids.h"
#include "results/results.h"

namespace clamproof {

/// What guests are before the upgrade. Packaged files that somebody has changed stay as they are through an
/// upgrade, so a lived-in guest does not show what the new ones do; and one as shipped does not show what an
/// upgrade does to a site.
enum class Before { AsShipped, LivedIn };
/// "as-shipped", "lived-in"
std::string_view to_string(Before state);

/// What became of a case.
enum class Change { Unchanged, Repaired, Regressed, Inconclusive };
/// "unchanged", …
std::string_view to_string(Change change);

struct Judgement {
    Change change = Change::Inconclusive;
    std::vector<std::string> because;  ///< a sentence for each reason; the worst first
};

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

struct GuestChange {
    std::string kind;    ///< package, file, setting, …: the first word of an inventory's line
    std::string name;    ///< clamav-daemon, /etc/clamav/clamd.conf, LogFile
    std::string before;  ///< its value; empty where it was not there
    std::string after;   ///< empty where it is gone

    bool operator==(const GuestChange&) const = default;
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
    std::string output{};                ///< all that it said of the upgrade
    std::vector<GuestChange> changes{};  ///< by the upgrade
    std::map<std::string, std::string> facts_before{},
        facts_after{};  ///< empty where there was no such guest
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

/// Scans in which an infected file was reported clean, in the arms that are run on both sides.
int comparable_silent_misses(const CellResult& cell);

/// Sentences on what an upgrade leaves out, and what that means.
std::vector<std::string> not_run(const UpgradeResults& results);

/// The number in upgrade.json's `version`; it rises where a reader of the old shape would go wrong.
inline constexpr int upgrade_version = 2;

/// upgrade.json, whose shape is reports/upgrade.schema.json. Ends with a line end.
std::string upgrade_json(const UpgradeResults& results);

}  // namespace clamproof
