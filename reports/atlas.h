/// Many runs as one page: what is known of every failure on every guest, and how long ago it was seen.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "results/foreign_results.h"
#include "results/json_parts.h"
#include "results/results.h"

namespace clamproof {

/// When a run began, and a digest of its results: in the order of time.
using RunKey = std::pair<std::string, std::string>;

/// A run as it is taken in.
struct AtlasRun {
    std::string name;  ///< of its file, for messages
    std::string digest;
    ForeignRun read;
};
/// @param text of a results.json, which may be another clamproof's. @throws InputError where nothing of it
/// can be read.
AtlasRun read_atlas_run(std::string_view text, const std::string& name);

/// What a column of the atlas is about. Guests are in the order of their versions; one
/// that tells nothing comes last.
struct AtlasGuest {
    std::string distro, release, clamd;  ///< facts; empty where a guest does not tell
    bool operator<(const AtlasGuest& other) const;
};

/// A result of a cell, in short: the whole of it is in its own run's report.
struct AtlasResult {
    RunKey run;
    Verdict verdict = Verdict::InfraError;
    bool flaky = false;
    int silent_misses = 0;
    std::string on;                  ///< the accelerator, or what ran containers
    std::vector<std::string> words;  ///< the evidence
};

/// A case on a guest: by image and variant its results, newest first.
using AtlasField = std::map<std::pair<std::string, std::string>, std::vector<AtlasResult>>;

/// Runs of days, hosts and versions laid over each other.
class Atlas {
  public:
    /// Takes in a run; one that is there already is not there twice.
    /// @returns what could not be read of it, a sentence; empty where all was
    std::string add(const AtlasRun& source);

    /// Takes in since when a case fails. @param text of a bisect.json @throws InputError.
    void add_bisection(std::string_view text, const std::string& name);

    /// atlas.json, whose shape is reports/atlas.schema.json. It depends on what was taken in, not in which
    /// order, nor on the day.
    std::string json() const;

    /// The number in atlas.json's `version`; it rises where a reader of the old shape would go wrong.
    static constexpr int version = 1;

  private:
    void add_result(const CellResult& cell, const RunKey& key, const RunResults& run);
    JsonOut json_of_case(const std::string& id) const;

    struct Run {
        std::string clamproof, host;
        int version = 0;  // of its results
    };
    struct Bisection {
        std::string started, variant, conclusion;
        auto operator<=>(const Bisection&) const = default;
    };
    std::map<RunKey, Run> runs_;
    std::map<std::string, std::pair<RunKey, CaseInfo>> cases_;        // as the newest run tells of them
    std::map<std::string, std::vector<Bisection>> bisections_;        // by case
    std::map<std::string, std::map<AtlasGuest, AtlasField>> fields_;  // by case
};

/// reports/atlas.html with an atlas.json in it. Opened from a disk, a page may not fetch the JSON beside it,
/// and a script beside it would take a weaker content security policy; so the page holds what it shows.
std::string atlas_html(std::string_view json);

/// Writes SITE/index.html and SITE/atlas.json. @throws InfraError where they cannot be.
void write_atlas(const Atlas& atlas, const std::string& site);

}  // namespace clamproof
