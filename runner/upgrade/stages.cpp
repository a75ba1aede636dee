#include "upgrade/stages.h"

#include "image/installed.h"

namespace clamproof {

std::vector<UpgradePackage> told(const std::vector<PackageFile>& packages) {
    std::vector<UpgradePackage> list;
    for (const auto& package : packages)
        list.push_back({.name = package.name, .version = package.version, .file = package.file.filename()});
    return list;
}

JobStage stage_of(const std::vector<PackageFile>& packages) {
    JobStage stage;
    for (const auto& package : packages) stage.packages.push_back(package.file.string());
    return stage;
}

std::optional<BuiltImage> with_stages(const BuiltImage& image, const std::vector<JobStage>& stages) {
    std::optional<BuiltImage> built = image;
    for (const auto& stage : stages)
        if (built)
            built =
                find_installed(*built, {.packages = read_packages(stage.packages), .script = stage.script});
    return built;
}

}  // namespace clamproof
