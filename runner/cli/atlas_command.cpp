#include <fmt/format.h>

#include <deque>
#include <future>
#include <thread>

#include "cli/commands.h"
#include "reports/atlas.h"
#include "results/exit_code.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

// What there is in the folders; a folder with nothing is a mistake.
struct Inputs {
    explicit Inputs(const std::vector<std::string>& folders) {
        for (const fs::path folder : folders) {
            const fs::path run = folder / "results.json", bisection = folder / "bisect.json";
            if (fs::is_regular_file(run)) runs.push_back(run);
            if (fs::is_regular_file(bisection)) bisections.push_back(bisection);
            if (!fs::is_regular_file(run) && !fs::is_regular_file(bisection))
                throw InputError(fmt::format(
                    "{} has neither results.json nor bisect.json; give the out folder of a run or "
                    "of a bisection",
                    folder.string()));
        }
    }
    std::vector<fs::path> runs, bisections;
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

}  // namespace

int atlas_command(const AtlasOptions& options) {
    const Inputs inputs(options.folders);
    Atlas atlas;
    add_runs(atlas, inputs.runs);
    for (const auto& file : inputs.bisections) atlas.add_bisection(read_file(file), file.string());
    write_atlas(atlas, options.site);
    fmt::print("{}\n", (fs::path(options.site) / "index.html").string());
    return Exit::AsExpected;
}

}  // namespace clamproof
