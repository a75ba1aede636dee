/// What a bisection found: the one source of its reports.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/judge.h"
#include "results/results.h"

namespace clamproof {

/// One state of a guest: an image, with packages installed over it together.
struct Candidate {
    std::string name;
    std::string image;
    std::vector<PackageFile> packages{};
    std::string command{};            ///< makes the packages when it is first run; empty: they are there
    std::vector<std::string> same{};  ///< names of those that follow it and hold the very same

    const std::string& last_name() const { return same.empty() ? name : same.back(); }
    std::vector<std::string> files() const;
};

/// How a search ends.
struct SearchResult {
    enum class Kind {
        Change,        ///< it lies after `last_good` and not after `first_bad`
        GoodEndIsBad,  ///< the first candidate is bad
        BadEndIsGood,  ///< the last candidate is good
        NoGoodEnd,     ///< the first candidate cannot be decided
        NoBadEnd       ///< the last candidate cannot be decided
    };
    Kind kind = Kind::Change;
    std::size_t last_good = 0;
    std::size_t first_bad = 0;
    double probability = 0;  ///< of a change there
    bool settled = true;     ///< false: runs disagree too much to come closer
};

/// One run of one candidate, as far as it took to tell whether it is good or bad.
struct BisectRun {
    std::size_t candidate = 0;
    CellResult cell;
    bool cached = false;                     ///< of an earlier bisection
    std::optional<std::string> inspected{};  ///< what is to be seen of it in a guest
    Side side = Side::Unknown;
};

/// A series of candidates searched by runs of a case.
struct Bisection {
    bool interrupted = false;
    SearchResult result;
    std::vector<BisectRun> runs;  ///< in the order in which they ended
    std::size_t runs_until_found = 0;
    std::vector<std::size_t> left_out;  ///< could not be decided

    /// The last run of a candidate that told its side, else its last run; null where there is none.
    const BisectRun* run_of(std::size_t candidate) const;
    std::size_t cached() const;
};

/// What differs between the last good candidate and the first bad one.
struct Differences {
    std::vector<std::string> packages;  ///< "libpam-tmpdir 0.09 → 0.10", "+ …", "- …"
    std::vector<std::string> contents;  ///< lines about files and changelogs
    std::vector<std::string> guest;     ///< files below /etc, port labels, booleans, profiles
    std::vector<std::string> policy;    ///< rules: "+ allow …", "- allow …"
};

struct BisectReport {
    std::string started;  ///< ISO 8601, UTC
    double seconds = 0;
    std::string case_id;
    Variant variant;
    Ends ends;
    double confidence = 0;
    std::vector<Candidate> candidates;
    Bisection bisection;
    Differences differences;
    Called called{};  ///< how the bisection was

    bool found() const {
        return !bisection.interrupted && bisection.result.kind == SearchResult::Kind::Change;
    }
    const Candidate& last_good() const { return candidates[bisection.result.last_good]; }
    const Candidate& first_bad() const { return candidates[bisection.result.first_bad]; }
};

/// A sentence: the culprit, or between which candidates it is and why no closer. Of a bisection that was
/// interrupted, how far it came.
std::string conclusion(const BisectReport& report);

/// bisect.json, whose shape is reports/bisect.schema.json: one line a candidate and a run.
std::string to_json(const BisectReport& report);

}  // namespace clamproof
