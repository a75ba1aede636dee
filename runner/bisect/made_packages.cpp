#include "bisect/made_packages.h"

#include <fmt/format.h>

#include <algorithm>

#include "image/install.h"
#include "support/process.h"

namespace clamproof {
namespace {

constexpr double make_deadline = 4 * 3600;
constexpr std::size_t last_words = 400;

}  // namespace

std::vector<PackageFile> made_before(const fs::path& folder) {
    std::vector<PackageFile> packages;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.is_regular_file())
            packages.push_back(
                {.file = entry.path(), .name = entry.path().filename().string(), .version = {}});
    std::sort(packages.begin(), packages.end(),
              [](const auto& one, const auto& other) { return one.file < other.file; });
    return packages;
}

std::vector<PackageFile> make_packages(const std::string& command, const std::string& revision,
                                       const fs::path& folder, const std::function<bool()>& cancelled) {
    make_folder(folder.parent_path());
    TempDir work(folder.parent_path(), ".making-");
    const auto result = run_process({.argv = {"sh", "-c", command},
                                     .env = {{"REVISION", revision}, {"PACKAGES", work.path().string()}},
                                     .deadline = make_deadline,
                                     .cancelled = cancelled});
    const std::string words = result.err.substr(result.err.size() - std::min(result.err.size(), last_words));
    if (!result.ok())
        throw NotInstallable(fmt::format("the packages of {} cannot be made: the command {}: {}", revision,
                                         result.how_it_ended(), words));
    if (made_before(work.path()).empty())
        throw NotInstallable(fmt::format("the command made no packages of {} in $PACKAGES", revision));
    remove_tree(folder);
    fs::rename(work.path(), folder);
    work.keep();
    return made_before(folder);
}

}  // namespace clamproof
