/// Options that several commands share, each group told in one way.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/own_folders.h"
#include "jobs/settings.h"

namespace clamproof {

/// --images, --only-own
void add_images(CLI::App* command, OwnFolders& own);
/// --cases, and as add_images
void add_folders(CLI::App* command, OwnFolders& own);
/// --accel
void add_accelerator(CLI::App* command, Settings& settings);
/// --connect, and as add_accelerator
void add_hypervisor(CLI::App* command, Settings& settings);
/// --install
void add_install(CLI::App* command, std::vector<std::string>& files);
/// --variant of one case
void add_variant(CLI::App* command, std::vector<std::string>& variants);
/// --image, --case, --variant
void add_selection(CLI::App* command, RunOptions& options);
/// --shard, --durations
void add_shard(CLI::App* command, RunOptions& options);
/// --jobs: guests side by side
void add_jobs(CLI::App* command, int& jobs);
/// --out @param what it is the folder for
void add_out(CLI::App* command, std::filesystem::path& out, const std::string& what);
/// --good, --bad: the verdicts at the ends of a bisection
std::vector<CLI::Option*> add_ends(CLI::App* command, std::string& good, std::string& bad,
                                   const std::string& good_text, const std::string& bad_text);

}  // namespace clamproof
