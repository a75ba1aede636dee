/// Where a run finds things and what it runs guests on: the same for the program and its workers.
#pragma once

#include <optional>
#include <string>

#include "results/results.h"
#include "support/folders.h"

namespace clamproof {

struct Settings {
    Folders images;                          ///< of image definitions: those that come with clamproof first
    Folders cases;                           ///< of cases
    fs::path shipped_images, shipped_cases;  ///< those that come with clamproof, whether looked in or not
    std::string program = "clamproof";       ///< as a person's shell finds it
    fs::path out = "out";                    ///< reports and evidence
    std::string accelerator = "auto";        ///< auto, kvm or tcg
    std::string connect{};                   ///< libvirt URI; empty: the embedded driver
    int repeat = 1;                          ///< how often every cell is run
    bool capsules = false;                   ///< keep a guest whose claim did not hold, unexpectedly
    /// Of a job of GitHub Actions: starts its commands again, which are stopped (cli/workflow_commands.h).
    std::optional<std::string> command_token{};
};

/// How a command has to be called to find and to run on what these settings do, from any folder.
Called called_of(const Settings& settings);

}  // namespace clamproof
