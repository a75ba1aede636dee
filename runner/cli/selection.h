/// What a command line picks of images and cases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "image/store.h"
#include "run/run.h"

namespace clamproof {

/// Reads every definition and case that is picked. @throws InputError where a file is wrong or a pattern
/// matches nothing.
Plan make_plan(const Settings& settings, const RunOptions& options);

/// Which shard was asked for; none where all cells were. @throws InputError.
std::optional<Shard> shard_of(const RunOptions& options);

/// Leaves of a plan the cells of a shard, and the images they need.
/// @param durations_file as RunOptions has it @throws InputError where it is no such file.
void keep_shard(Plan& plan, const Shard& shard, const std::string& durations_file);

/// The names that match any of the patterns, all where there is none. A pattern of untrimmed twins, such as
/// debian-12-*-untrimmed, picks those. @throws InputError where one matches nothing.
std::vector<std::string> select_images(const Settings& settings, const std::vector<std::string>& patterns);

/// As select_images, but those that a vendor publishes or that say so only where a pattern matches them:
/// nobody downloads ten distributions by accident. @throws InputError as well where a definition is wrong.
std::vector<std::string> select_images_to_run(const Settings& settings,
                                              const std::vector<std::string>& patterns);

/// As above, of the untrimmed twins where a run is of those.
std::vector<std::string> select_images_to_run(const Settings& settings, const RunOptions& options);

/// What a run of a plan needs: evidence below the out folder, images of the user's store.
RunHooks run_hooks(const Settings& settings, std::function<void(const Event&)> on_event);

/// The user's store, for a person who waits: it tells whom it waits for, and Ctrl-C ends that.
ImageStore patient_store();

/// MiB of memory that this host can give away without swapping.
int available_mib();

/// What guests ask of a host.
struct GuestLoad {
    int mib = 0;         ///< of the largest
    bool light = false;  ///< all are of a kind that leaves a core time (GuestKind::is_light)
};
GuestLoad load_of(const std::vector<ImageDefinition>& images);

/// How many guests side by side: what cores and memory allow, or what was asked for.
/// @param why gets the reason in words
int worker_count(const Settings& settings, int asked, const GuestLoad& load, std::string& why);

/// With an out folder that does not depend on the current one, as workers need it.
Settings absolute(Settings settings);

/// The command line of a worker process.
std::vector<std::string> worker_argv(const Settings& settings);

}  // namespace clamproof
