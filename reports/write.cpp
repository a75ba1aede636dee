
#include <fmt/format.h>

#include <future>
#include <set>
#include <vector>

#include "reports/atlas/atlas.h"
#include "reports/log_files.h"
#include "reports/reports.h"
#include "results/results_json.h"
#include "run/durations.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

constexpr fs::perms readable_by_all = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                      fs::perms::others_read | fs::perms::others_exec;

/// An arm that an earlier run had and this one has not would be mistaken for this one's.
void remove_logs_other_than(const std::set<std::string>& kept, const fs::path& folder) {
    std::error_code ignored;
    std::vector<fs::path> stale;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const fs::path& path = entry.path();
        const bool log =
            path.extension() == ".log" && entry.symlink_status(ignored).type() == fs::file_type::regular;
        if (log && !kept.contains(path.filename().string())) stale.push_back(path);
    }
    for (const fs::path& path : stale) fs::remove(path, ignored);
}

void write_logs(const CellResult& cell, const fs::path& folder) {
    if (!cell.arms.empty()) make_folder(folder, readable_by_all);
    std::set<std::string> written;
    for (const Arm& arm : cell.arms) {
        const std::string name = log_file_name(arm);
        write_file(folder / name, arm_log(cell, arm));
        written.insert(name);
    }
    remove_logs_other_than(written, folder);
    for (std::size_t i = 0; i < cell.reruns.size(); ++i)
        write_logs(cell.reruns[i], folder / fmt::format("run-{}", i + 2));
}

void write_all_logs(const std::vector<CellResult>& cells, const fs::path& out) {
    const std::vector<std::string> folders = log_folders(cells);
    for (std::size_t i = 0; i < cells.size(); ++i) write_logs(cells[i], out / folders[i]);
}

}  // namespace

void write_reports(const RunResults& run, const std::string& out,
                   const std::optional<RunResults>& former) try {
    const fs::path folder(out);
    make_folder(folder, readable_by_all);
    // results.json first: every other report can be made from it again.
    write_file(folder / "results.json", to_json(run));
    // Thousands of small files take as long as all else together.
    auto logs = std::async(std::launch::async, [&] { write_all_logs(run.results, folder); });
    write_file(folder / "junit.xml", junit(run));
    write_file(folder / "summary.md", markdown(run));
    write_file(folder / "report.html", html(run, former));
    write_file(folder / "durations.json", durations_json(run.results));
    logs.get();
} catch (const InfraError& error) {
    throw InfraError(fmt::format("while writing the reports to {}: {}; or choose another folder with --out",
                                 out, error.what()));
}

void write_atlas(const Atlas& atlas, const std::string& site) {
    const std::vector<AtlasChange> changes = atlas.changes();
    const std::string json = atlas.json(changes);
    make_folder(site, readable_by_all);
    write_file(fs::path(site) / "atlas.json", json);
    write_file(fs::path(site) / "index.html", atlas_html(json));
    write_file(fs::path(site) / "feed.xml", atlas.feed(changes));
    const auto recipes = atlas.recipes();
    if (!recipes.empty()) make_folder(fs::path(site) / "recipes", readable_by_all);
    for (const auto& [file, text] : recipes) write_file(fs::path(site) / "recipes" / file, text);
}

}  // namespace clamproof
