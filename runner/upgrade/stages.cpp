#include "upgrade/stages.h"

namespace clamproof {

std::vector<UpgradePackage> told(const std::vector<PackageFile>& packages) {
    std::vector<UpgradePackage> list;
    for (const auto& package : packages)
        list.push_back({.name = package.name, .version = package.version, .file = package.file.filename()});
    return list;
}

Layer stage_of(const std::vector<PackageFile>& packages) {
    std::vector<std::string> files;
    for (const auto& package : packages) files.push_back(package.file.string());
    return {.packages = read_packages(files)};
}

}  // namespace clamproof
