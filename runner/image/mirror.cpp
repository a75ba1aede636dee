#include "image/mirror.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "support/process.h"

namespace clamproof {

std::string apt_sources(const std::string& origin, const std::string& suite,
                        const std::vector<std::string>& pockets) {
    if (origin.empty() || find_program("apt-get").empty()) return "";
    const ProcessResult targets =
        run_checked("reading apt's configuration",
                    {.argv = {"apt-get", "indextargets", "--format", "$(ORIGIN) $(RELEASE) $(REPO_URI)",
                              "Created-By: Packages"}});
    std::string main, security;
    std::istringstream lines(targets.out);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string from, release, uri;
        words >> from >> release >> uri;
        if (from != origin) continue;
        if (release.ends_with("-security")) {
            security = uri;
        } else if (release.find('-') == std::string::npos) {
            main = uri;
        }
    }
    if (main.empty()) return "";
    std::string sources = fmt::format("deb {} {} main\n", main, suite);
    for (const auto& pocket : pockets) {
        const std::string& mirror = pocket == "security" ? security : main;
        if (mirror.empty()) return "";
        sources += fmt::format("deb {} {}-{} main\n", mirror, suite, pocket);
    }
    return sources;
}

}  // namespace clamproof
