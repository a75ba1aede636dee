#include <fmt/format.h>

#include <cstdlib>

#include "cli/commands.h"
#include "results/exit_code.h"
#include "support/error.h"
#include "support/files.h"
#include "support/process.h"

namespace clamproof {
namespace {

bool has_desktop() {
    return std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
}

}  // namespace

int open_command(const Settings& settings) {
    const fs::path page = fs::absolute(settings.out / "report.html").lexically_normal();
    if (!fs::exists(page))
        throw InputError(fmt::format("there is no {}: no run has written its reports there", page.string()));
    const std::string browser = has_desktop() ? find_program("xdg-open") : "";
    if (browser.empty() || !run_process({.argv = {browser, page.string()}}).ok())
        fmt::print("file://{}\n", page.string());
    return Exit::AsExpected;
}

}  // namespace clamproof
