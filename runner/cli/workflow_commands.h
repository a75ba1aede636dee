/// GitHub Actions takes a line of a job's output that begins with "::", and "##[" anywhere in a line, for a
/// command ("Workflow commands for GitHub Actions"). What guests say must not be one.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

namespace clamproof {

/// As long as it lives the job takes no commands.
class StoppedCommands {
  public:
    /// @param err a stream of the job's @param token that starts them again: nobody may guess it
    StoppedCommands(std::ostream& err, std::string token);
    ~StoppedCommands();
    StoppedCommands(const StoppedCommands&) = delete;
    StoppedCommands& operator=(const StoppedCommands&) = delete;

  private:
    std::ostream& err_;
    std::string token_;
};

/// Commands that the job is to take although they are stopped, by that token; what is to be written for that.
std::string let_through(const std::string& commands, const std::string& token);

/// A token, in a job of GitHub Actions (GITHUB_ACTIONS=true); elsewhere none.
std::optional<std::string> new_command_token();

}  // namespace clamproof
