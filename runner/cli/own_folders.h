/// Where a program that is called from anywhere finds itself, what comes with it, and what a site has added.
#pragma once

#include <string>
#include <vector>

#include "jobs/settings.h"

namespace clamproof {

/// How a person's shell finds the program: by its name alone, where that is in a folder of $PATH and names
/// the same file; else by an absolute path.
/// @param called as it was now
std::string name_to_call(const std::string& called, const std::string& path);

/// What a command line names.
struct OwnFolders {
    std::vector<std::string> images, cases;
    bool alone = false;  ///< they are looked in in place of all others
};

/// The folder with the cases/ and images/ that come with the running program: beside it where it was built,
/// and below its prefix where it is installed.
fs::path shipped_folder();

/// Sets where a run finds images and cases: those that come with the program, then those of `path`, then
/// those that the command line names. Where it names none of a kind, its own alone are those that come with
/// the program.
/// @param path folders that hold cases/ or images/, with colons between them (CLAMPROOF_PATH)
/// @throws InputError where a folder of it holds neither.
void look_in(Settings& settings, const OwnFolders& own, const fs::path& shipped, const std::string& path);

}  // namespace clamproof
