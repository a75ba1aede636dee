#include <fmt/format.h>

#include <deque>
#include <future>
#include <thread>

#include "cli/commands.h"
#include "cli/own_folders.h"
#include "reports/atlas/atlas.h"
#include "results/exit_code.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

// What there is in the folders; a folder with nothing is a mistake.
struct Inputs {
    explicit Inputs(const std::vector<std::string>& folders) {
        for (const fs::path folder : folders) {
            const bool run = take(folder / "results.json", runs);
            const bool bisection = take(folder / "bisect.json", bisections);
            const bool upgrade = take(folder / "upgrade.json", upgrades);
            if (!run && !bisection && !upgrade)
                throw InputError(fmt::format(
                    "{} has neither results.json nor bisect.json nor upgrade.json; give the out folder of a "
                    "run, a bisection or an upgrade",
                    folder.string()));
        }
    }
    static bool take(const fs::path& file, std::vector<fs::path>& files) {
        if (!fs::is_regular_file(file)) return false;
        files.push_back(file);
        return true;
    }
    std::vector<fs::path> runs, bisections, upgrades;
};

void take_in(Atlas& atlas, std::future<AtlasRun> run) {
    if (const std::string unread = atlas.add(run.get()); !unread.empty()) say(unread);
}

// Reading is most of the work, and each file is read by itself.
void add_runs(Atlas& atlas, const std::vector<fs::path>& files) {
    const std::size_t at_once = std::max(1U, std::thread::hardware_concurrency());
    std::deque<std::future<AtlasRun>> reading;
    for (const auto& file : files) {
        reading.push_back(std::async(std::launch::async,
                                     [file] { return read_atlas_run(read_file(file), file.string()); }));
        if (reading.size() < at_once) continue;
        take_in(atlas, std::move(reading.front()));
        reading.pop_front();
    }
    for (auto& run : reading) take_in(atlas, std::move(run));
}

void add_upgrades(Atlas& atlas, const fs::path& file) {
    const AtlasUpgrades read = read_atlas_upgrades(read_file(file), file.string());
    if (!read.unread.empty()) say(read.unread);
    for (const AtlasUpgrade& upgrade : read.list) atlas.add_upgrade(upgrade);
}

// Scripts that are kept come with the program.
void add_recipes(Atlas& atlas, const fs::path& folder) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none))
        if (entry.path().extension() == ".sh")
            atlas.add_recipe(entry.path().filename(), read_file(entry.path()));
}

}  // namespace

int atlas_command(const AtlasOptions& options) {
    const Inputs inputs(options.folders);
    Atlas atlas;
    add_runs(atlas, inputs.runs);
    for (const auto& file : inputs.bisections) atlas.add_bisection(read_file(file), file.string());
    for (const auto& file : inputs.upgrades) add_upgrades(atlas, file);
    add_recipes(atlas, shipped_folder() / "recipes");
    write_atlas(atlas, options.site);
    fmt::print("{}\n", (fs::path(options.site) / "index.html").string());
    return Exit::AsExpected;
}

}  // namespace clamproof
