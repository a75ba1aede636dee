#include "cli/workflow_commands.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ostream>
#include <random>
#include <string_view>
#include <utility>

namespace clamproof {

namespace {

std::string stop_line(const std::string& token) {
    return fmt::format("::stop-commands::{}\n", token);
}

std::string start_line(const std::string& token) {
    return fmt::format("::{}::\n", token);
}

}  // namespace

StoppedCommands::StoppedCommands(std::ostream& err, std::string token) : err_(err), token_(std::move(token)) {
    err_ << stop_line(token_) << std::flush;
}

StoppedCommands::~StoppedCommands() {
    err_ << start_line(token_) << std::flush;
}

std::string let_through(const std::string& commands, const std::string& token) {
    if (commands.empty()) return "";
    return fmt::format("{}{}{}", start_line(token), commands, stop_line(token));
}

std::optional<std::string> new_command_token() {
    const char* actions = std::getenv("GITHUB_ACTIONS");
    if (!actions || std::string_view(actions) != "true") return std::nullopt;
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace clamproof
