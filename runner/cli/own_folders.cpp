#include "cli/own_folders.h"

#include <fmt/format.h>

#include <sstream>

#include "support/error.h"

namespace clamproof {
namespace {

std::vector<std::string> folders_in(const std::string& path) {
    std::istringstream words(path);
    std::vector<std::string> folders;
    for (std::string folder; std::getline(words, folder, ':');)
        if (!folder.empty()) folders.push_back(folder);
    return folders;
}

}  // namespace

std::string name_to_call(const std::string& called, const std::string& path) {
    if (called.find('/') == std::string::npos) return called;  // a shell has found it so
    const fs::path file = fs::absolute(called).lexically_normal();
    for (const auto& folder : folders_in(path)) {
        std::error_code error;
        const fs::path found = folder / file.filename();
        if (!fs::exists(found, error)) continue;
        if (fs::equivalent(found, file, error)) return file.filename();
        break;
    }
    return file;
}

fs::path shipped_folder() {
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    const fs::path built = here / "share" / "clamproof";
    std::error_code error;
    return fs::is_directory(built, error) ? built : here.parent_path() / "share" / "clamproof";
}

void look_in(Settings& settings, const OwnFolders& own, const fs::path& shipped, const std::string& path) {
    // Links that a build makes are resolved, so that the folder has one name.
    settings.shipped_images = fs::weakly_canonical(shipped / "images");
    settings.shipped_cases = fs::weakly_canonical(shipped / "cases");
    settings.images = {};
    settings.cases = {};
    if (!own.alone) {
        settings.images.add(settings.shipped_images);
        settings.cases.add(settings.shipped_cases);
        for (const auto& folder : folders_in(path)) {
            const bool has_images = fs::is_directory(fs::path(folder) / "images");
            const bool has_cases = fs::is_directory(fs::path(folder) / "cases");
            if (!has_images && !has_cases)
                throw InputError(
                    fmt::format("CLAMPROOF_PATH names {}, which has neither cases/ nor images/", folder));
            if (has_images) settings.images.add(fs::path(folder) / "images");
            if (has_cases) settings.cases.add(fs::path(folder) / "cases");
        }
    }
    for (const auto& folder : own.images) settings.images.add(folder);
    for (const auto& folder : own.cases) settings.cases.add(folder);
    if (settings.images.list.empty()) settings.images.add(settings.shipped_images);
    if (settings.cases.list.empty()) settings.cases.add(settings.shipped_cases);
}

}  // namespace clamproof
