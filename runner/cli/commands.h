/// The commands of the program. Each returns its exit code; errors are thrown (support/error.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bisect/search.h"
#include "jobs/settings.h"

namespace clamproof {

/// One line for the person, on stderr.
void say(const std::string& text);

struct RunOptions {
    std::vector<std::string> images;    ///< globs; empty: all
    std::vector<std::string> cases;     ///< globs; empty: all
    std::vector<std::string> variants;  ///< K=V
    std::vector<std::string> install;   ///< package files that are installed over every image: absolute paths
    int jobs = 0;                       ///< workers; 0: by cores and memory
    bool quick = false;                 ///< of an image and case one variant for each expected verdict
    bool untrimmed = false;             ///< on the untrimmed twins of the images
    bool quiet = false;                 ///< no progress
    bool table = false;                 ///< the whole table of verdicts, also on a terminal
    bool json_events = false;           ///< progress as lines of JSON on standard output, and no table
    std::string known;                  ///< file of known problems; empty: none
    std::string shard;                  ///< "K/N" or "auto"; empty: all cells
    bool bisect_exit = false;           ///< end as git bisect run wants it
    std::string good, bad;              ///< verdicts that are the ends of a bisection; empty: by expectation
    std::string resume;                 ///< out folder of a run that is to be gone on with; empty: a new run
    std::string durations;              ///< file that the shards are made by; empty: all cells count alike
};
int run_command(const Settings& settings, const RunOptions& options);
int list_command(const Settings& settings, const RunOptions& options);
/// Prints the jobs of a CI that share the cells, as GitHub's strategy.matrix has them.
int matrix_command(const Settings& settings, const RunOptions& options, int shards);
/// Breaks cases on purpose and says which sabotage nobody noticed. @param every_image else the cheapest that
/// shows it
/// @returns 0 where all were noticed, 1 where one was not, 3 where the harness failed
int doubt_command(const Settings& settings, const RunOptions& options, bool every_image);
/// Merges runs and writes their reports again.
struct ReportOptions {
    std::vector<std::string> folders;  ///< out folders of runs
    std::string former;                ///< out folder of an earlier run to compare with; empty: none
};
int report_command(const Settings& settings, const RunOptions& selection, const ReportOptions& options);
/// Lays many runs over each other, as one page.
struct AtlasOptions {
    std::vector<std::string> folders;  ///< out folders of runs, bisections and upgrades
    std::string site;                  ///< the folder that index.html, atlas.json and feed.xml are written to
};
int atlas_command(const AtlasOptions& options);
/// Opens the report of an out folder in a browser, or prints its address where there is no desktop.
int open_command(const Settings& settings);

/// What `upgrade` has beside a selection.
struct UpgradeOptions {
    std::vector<std::string> from, to;  ///< package files, folders, suites, versions
    std::vector<std::string> packages;  ///< names; empty: those of clamd's source
};
/// Proves what an upgrade of packages does to cases and to fixes that were applied before it.
int upgrade_command(const Settings& settings, const RunOptions& selection, const UpgradeOptions& options);

/// @param anew of what is offered today; where that cannot be built the former image stays
int image_build_command(const Settings& settings, const std::vector<std::string>& names, int jobs, bool anew);
/// Reads definitions and what they name, tells what a build would do and what this host lacks for it, asks
/// the publishers of images that are downloaded what they vouch for, and builds nothing. @returns 2 where a
/// definition is wrong, 3 where something is missing or a publisher is not to be believed; one that is out of
/// reach is told
int image_check_command(const Settings& settings, const std::vector<std::string>& names);
/// @param as_json for programs: name, digest and whether it is built, of each that is defined
int image_list_command(const Settings& settings, bool as_json);
int image_show_command(const Settings& settings, const std::string& name);
/// @param file empty: NAME-DIGEST.tar.zst in the current folder
int image_export_command(const Settings& settings, const std::string& name, const std::string& file);
int image_import_command(const Settings& settings, const std::string& file);
int image_remove_command(const Settings& settings, const std::vector<std::string>& names);

struct ShellOptions {
    std::string image;
    std::string case_id;
    std::vector<std::string> variants;
    std::string at = "pristine";
    std::vector<std::string> install;  ///< as of run
};
int shell_command(const Settings& settings, const ShellOptions& options);

struct RecipeOptions {
    std::string image;
    std::string case_id;
    std::vector<std::string> variants;
    std::vector<std::string> install;  ///< as of run
    std::string form = "markdown";     ///< one of report_forms (reports/bug_report.h)
    std::string bisection;             ///< out folder of a bisection of the case; empty: none
};
/// Prints a cell as a plain shell script, or a report around it, once that script was run in a guest.
/// @returns 1 where it does not show there what the case does
int recipe_command(const Settings& settings, const RecipeOptions& options);

struct BisectOptions {
    std::string case_id;
    std::string image;                  ///< over which candidates are installed; may be a glob
    std::vector<std::string> variants;  ///< K=V
    std::string candidates;             ///< as read_candidates has it
    std::string good, bad;              ///< verdicts; empty: by expectation
    std::string from, to;               ///< the good and the bad end; empty: the first and the last candidate
    double confidence = usual_confidence;
    int jobs = 0;  ///< workers; 0: by cores and memory
};
int bisect_command(const Settings& settings, const BisectOptions& options);

int doctor_command(const Settings& settings);
int gc_command(const Settings& settings);
/// Does jobs that come on standard input, and writes events to standard output: the program calls itself.
int worker_command(const Settings& settings);

}  // namespace clamproof
