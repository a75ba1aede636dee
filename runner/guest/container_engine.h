/// podman or docker: the program that runs containers.
#pragma once

#include <string>
#include <vector>

#include "support/files.h"
#include "support/process.h"

namespace clamproof {

class ContainerEngine {
  public:
    /// @param command the program, and the options that this host needs before each of its subcommands
    explicit ContainerEngine(std::vector<std::string> command) : command_(std::move(command)) {}

    const std::vector<std::string>& command() const { return command_; }
    /// For people and reports: "podman 4.3.1 --runtime runc". @throws InfraError where it does not answer.
    std::string name() const;
    /// Whether it takes podman's options.
    bool is_podman() const { return fs::path(command_.front()).filename() == "podman"; }

    /// Runs a subcommand; that it fails is a result. @param deadline in seconds
    ProcessResult ask(std::vector<std::string> arguments, double deadline = 60) const;
    /// The same. @returns what it printed, without the last line end. @throws InfraError where it fails.
    std::string must(const std::string& doing, std::vector<std::string> arguments,
                     double deadline = 60) const;

    bool has_image(const std::string& image) const { return ask({"image", "inspect", image}).ok(); }

  private:
    std::vector<std::string> command_;
};

/// podman where it is installed and answers, else docker: without its daemon that does not. Where
/// CLAMPROOF_CONTAINER_ENGINE names a program, that one and no other.
/// @throws InfraError that tells what was tried and how to get one.
ContainerEngine installed_engine();

/// What `run` needs on every host: limits that this process may pass on, because an engine's own may be above
/// what it has itself.
std::vector<std::string> limits_for_containers();

/// The engine with the options that containers need here. Not every host has cgroups that an engine's own
/// runtime takes, so they are found out by running a container for a moment. The answer is kept per host and
/// engine.
/// @param image that the engine has, with a program /bin/true
/// @throws InfraError with the words of each way that does not work.
ContainerEngine working_engine(const ContainerEngine& installed, const std::string& image);

/// The containers of one run are marked with its folder, and the folder tells by which engine they were made:
/// see RunFolder.
void record_engine(const ContainerEngine& engine, const fs::path& folder);
/// The option of `run` that marks a container.
std::string run_label_option(const fs::path& folder);

/// What became of guests that were to be ended.
struct EndedGuests {
    std::size_t count = 0;  ///< that there were
    std::string trouble{};  ///< why some of them may be left; empty: all are gone
};
/// Ends and removes the containers of a run, and waits until they are gone.
EndedGuests remove_containers_of(const fs::path& folder) noexcept;

}  // namespace clamproof
