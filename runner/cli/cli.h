/// The program: a command line in, an exit code out.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace clamproof {

struct Commands;

/// What the program is called in, and speaks to.
struct Surroundings {
    std::string path;               ///< $PATH
    std::string own_folders;        ///< $CLAMPROOF_PATH: a site's own cases and images
    std::filesystem::path shipped;  ///< the folder with the cases/ and images/ that come with the program
    std::ostream& out;              ///< for help
    std::ostream& err;              ///< for complaints, a line each
    /// In a job of GitHub Actions: what starts its commands again; they are stopped meanwhile.
    std::optional<std::string> command_token{};
};

/// Does what a command line asks for. Errors become a sentence and an exit code.
/// @returns as results/exit_code.h has it
int run_program(int argc, const char* const* argv, const Surroundings& surroundings,
                const Commands& commands);

/// The same in the surroundings of this process.
int run_program(int argc, const char* const* argv);

}  // namespace clamproof
