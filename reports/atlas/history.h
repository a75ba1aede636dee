/// What changed from one run to the next.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/atlas/parts.h"

namespace clamproof {

/// What a run tells of an image, as far as a change may come from it.
struct AtlasImage {
    std::map<std::string, std::string> packages;  ///< name → version; empty where it did not tell
    bool installed = false;                       ///< packages were installed over it, for this run
};
/// By run and name.
using AtlasImages = std::map<RunKey, std::map<std::string, AtlasImage>>;

/// What a result said on one side of a change.
struct AtlasSide {
    RunKey run;
    AtlasGuest guest;
    Verdict verdict = Verdict::InfraError;
    bool flaky = false;
    bool silent = false;  ///< infected files were reported clean
};

/// Cells of a case on an image that came out otherwise than before, all in the same way.
struct AtlasChange {
    std::string id;  ///< a UUID, as long as the runs are what they are
    std::string case_id, image;
    std::vector<std::string> variants;
    AtlasSide before, after;
    /// "libpam-tmpdir 0.09 → 0.10", "+ …", "- …"; none where a run did not tell its packages.
    std::optional<std::vector<std::string>> packages;

    /// Infected files are reported clean, and were not before.
    bool silent_appears() const { return after.silent && !before.silent; }
};

/// Results of a cell that contradict the one before them by date; the newest change first. Runs without a
/// date have no place in it, and what the harness failed to find out is no change. Cells of packages that
/// were installed over an image are compared among themselves: an older clamd that somebody tries for a day
/// is no news of the image.
std::vector<AtlasChange> changes_between_runs(const AtlasFields& fields, const AtlasImages& images);

/// Whether a run tells when it began, in a way that can be relied on: "2026-11-30T12:00:00Z".
bool is_dated(std::string_view started);

/// A UUID (RFC 9562, version 8) that is the same for the same text.
std::string uuid_of(std::string_view text);

}  // namespace clamproof
