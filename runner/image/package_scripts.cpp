#include "image/package_scripts.h"

#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::vector<std::string> lines_from(const std::string& doing, const ImageDefinition& image,
                                    const char* script, const std::vector<std::string>& arguments) {
    std::vector<std::string> argv = {
        "sh", "-eu", (image.folder / "package-managers" / image.package_manager / script).string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return lines_of(run_checked(doing, {.argv = argv, .env = {{"LC_ALL", "C.UTF-8"}}}).out);
}

}  // namespace

std::vector<std::string> versions_in_order(const ImageDefinition& image,
                                           const std::vector<std::string>& versions) {
    return lines_from("putting versions in order", image, "order.sh", versions);
}

std::vector<std::string> compare_packages(const ImageDefinition& image, const fs::path& before,
                                          const fs::path& after) {
    return lines_from("comparing package files", image, "compare.sh", {before.string(), after.string()});
}

}  // namespace clamproof
