/// Many runs as one page: what is known of every failure on every guest, how long ago it was seen, and what
/// changed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reports/atlas/history.h"
#include "reports/atlas/parts.h"
#include "reports/atlas/upgrades.h"
#include "results/foreign_results.h"
#include "results/json_parts.h"
#include "results/results.h"

namespace clamproof {

/// A run as it is taken in.
struct AtlasRun {
    std::string name;  ///< of its file, for messages
    std::string digest;
    ForeignRun read;
};
/// @param text of a results.json, which may be another clamproof's. @throws InputError where nothing of it
/// can be read.
AtlasRun read_atlas_run(std::string_view text, const std::string& name);

/// Runs of days, hosts and versions laid over each other.
class Atlas {
  public:
    /// Takes in a run; one that is there already is not there twice.
    /// @returns what could not be read of it, a sentence; empty where all was
    std::string add(const AtlasRun& source);

    /// Takes in since when a case fails. @param text of a bisect.json @throws InputError.
    void add_bisection(std::string_view text, const std::string& name);

    /// Takes in what an upgrade did; one that is there already is not there twice.
    void add_upgrade(const AtlasUpgrade& upgrade);

    /// Takes in a script that is kept of a failure. @param file its name: CASE.sh, or CASE-WORDS.sh
    void add_recipe(const std::string& file, const std::string& text) { recipes_[file] = text; }

    /// What changed from run to run: part of atlas.json, and the feed.
    std::vector<AtlasChange> changes() const { return changes_between_runs(fields_, images_); }

    /// atlas.json, whose shape is reports/atlas.schema.json. It depends on what was taken in, not in which
    /// order, nor on the day. @param changes its own
    std::string json(const std::vector<AtlasChange>& changes) const;
    std::string json() const { return json(changes()); }

    /// An Atom feed. @param changes its own
    std::string feed(const std::vector<AtlasChange>& changes) const;
    std::string feed() const { return feed(changes()); }

    /// The kept scripts of its cases: file name → text.
    std::map<std::string, std::string> recipes() const;

    /// The number in atlas.json's `version`; it rises where a reader of the old shape would go wrong.
    static constexpr int version = 1;

  private:
    struct Run {
        std::string clamproof, host;
        int version = 0;  // of its results
    };
    struct Bisection {
        std::string started, variant, conclusion;
        auto operator<=>(const Bisection&) const = default;
    };
    // The command that makes a recipe, and what makes it the best one: nothing was installed over the image,
    // the newest run, and the first of its cells.
    struct RecipeCommand {
        bool plain = false;
        RunKey run;
        std::string command;
        bool better_than(const RecipeCommand& other) const;
    };

    void add_result(const CellResult& cell, const RunKey& key, const RunResults& run);
    void add_recipe_command(const CellResult& cell, const RunKey& key);
    std::string case_of_recipe(const std::string& file) const;
    std::map<AtlasGuest, std::size_t> numbered_guests() const;
    JsonOut json_of_case(const std::string& id) const;
    JsonOut json_of_runs() const;

    std::map<RunKey, Run> runs_;
    AtlasImages images_;
    std::map<std::string, std::pair<RunKey, CaseInfo>> cases_;  // as the newest run tells of them
    std::map<std::string, std::vector<Bisection>> bisections_;  // by case
    std::map<std::string, RecipeCommand> recipe_commands_;      // by case
    std::map<std::string, std::string> recipes_;                // file name → text
    // By when it began, upgrade.json's digest, image and state.
    std::map<std::tuple<std::string, std::string, std::string, std::string>, AtlasUpgrade> upgrades_;
    AtlasFields fields_;
};

/// reports/atlas.html with an atlas.json in it. Opened from a disk, a page may not fetch the JSON beside it,
/// and a script beside it would take a weaker content security policy; so the page holds what it shows.
std::string atlas_html(std::string_view json);

/// Writes SITE/index.html, SITE/atlas.json, SITE/feed.xml, and the kept recipes of its cases into
/// SITE/recipes/. @throws InfraError where they cannot be.
void write_atlas(const Atlas& atlas, const std::string& site);

}  // namespace clamproof
