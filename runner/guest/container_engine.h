/// podman or docker: the program that runs containers.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "support/files.h"
#include "support/process.h"

namespace clamproof {

class ContainerEngine {
  public:
    /// @param command the program, and the options that this host needs before each of its subcommands
    /// @param bounds options of `run` by which a container is kept within bounds, as far as this host can
    explicit ContainerEngine(std::vector<std::string> command, std::vector<std::string> bounds = {})
        : command_(std::move(command)), bounds_(std::move(bounds)) {}

    const std::vector<std::string>& command() const { return command_; }
    const std::vector<std::string>& bounds() const { return bounds_; }
    /// For people and reports: "podman 4.3.1 --runtime runc". @throws InfraError where it does not answer.
    std::string name() const;
    /// Whether it takes podman's options.
    bool is_podman() const { return fs::path(command_.front()).filename() == "podman"; }

    /// Runs a subcommand; that it fails is a result, as it is that it prints more than 4 MiB
    /// (ProcessResult::full). @param deadline in seconds
    ProcessResult ask(std::vector<std::string> arguments, double deadline = 60) const;
    /// The same. @returns what it printed, without the last line end. @throws InfraError where it fails.
    std::string must(const std::string& doing, std::vector<std::string> arguments,
                     double deadline = 60) const;

    /// Whether root in a container is another user on this host: one that has nothing there.
    bool has_own_users() const;
    /// That user, where it has to be given what a container is to reach; 0 where it need not.
    uid_t root_of_containers() const;
    /// The same engine, whose containers share the users of this host. For systemd: in a user namespace it
    /// ends at once where it may not make cgroups (seen with podman 4.3 and cgroups v1).
    ContainerEngine without_own_users() const;

    bool has_image(const std::string& image) const { return ask({"image", "inspect", image}).ok(); }

  private:
    std::vector<std::string> command_, bounds_;
};

/// podman where it is installed and answers, else docker: without its daemon that does not. Where
/// CLAMPROOF_CONTAINER_ENGINE names a program, that one and no other.
/// @throws InfraError that tells what was tried and how to get one.
ContainerEngine installed_engine();

/// What `run` needs on every host: limits that this process may pass on, because an engine's own may be above
/// what it has itself.
std::vector<std::string> limits_for_containers();

/// The engine with the options that containers need here, and the bounds that it can keep them within. Not
/// every host has cgroups that an engine's own runtime takes, so both are found out by running a container
/// for a moment. The answer is kept per host and engine.
/// @param image that the engine has, with a program /bin/true
/// @throws InfraError with the words of each way that does not work.
ContainerEngine working_engine(const ContainerEngine& installed, const std::string& image);

/// What containers of a working engine are not kept within here, in words: "memory".
std::vector<std::string> missing_bounds(const ContainerEngine& working);

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
/// Copies the logs in a container's files (guest.h) into a folder, without asking what runs in it: the first
/// 4 MiB of each that is a file. Takes at most a minute; what cannot be had by then is left out.
void copy_logs(const ContainerEngine& engine, const std::string& container, const fs::path& folder);
/// Ends and removes the containers of a run, and waits until they are gone.
EndedGuests remove_containers_of(const fs::path& folder) noexcept;

}  // namespace clamproof
