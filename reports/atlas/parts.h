/// What an atlas is made of: guests, results in short, and which of them count.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "results/results.h"

namespace clamproof {

/// When a run began, and a digest of its results: in the order of time.
using RunKey = std::pair<std::string, std::string>;

/// What a column of the atlas is about. Guests are in the order of their versions; one
/// that tells nothing comes last.
struct AtlasGuest {
    std::string distro, release, clamd;  ///< facts; empty where a guest does not tell
    bool operator<(const AtlasGuest& other) const;
    bool operator==(const AtlasGuest& other) const = default;

    /// "debian 12, clamd 1.4.6"
    std::string text() const;
};
AtlasGuest atlas_guest(const std::map<std::string, std::string>& facts);

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
/// By case.
using AtlasFields = std::map<std::string, std::map<AtlasGuest, AtlasField>>;

/// Whether it is about the failure, not about the guest, the packages or the harness alone.
bool tells(const AtlasResult& result);

/// Whether both can be true of one guest. Who did not ask for fixes says nothing against them.
bool agree(const AtlasResult& one, const AtlasResult& other);

/// What counts today: the newest that tells something of the failure, else the newest.
const AtlasResult& current(const std::vector<AtlasResult>& results);

/// Whether some result that tells something contradicts the one that counts.
bool disagree(const std::vector<AtlasResult>& results);

/// What a cell's arms came to, in a few short lines.
std::vector<std::string> evidence_of(const CellResult& cell);

}  // namespace clamproof
