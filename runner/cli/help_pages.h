/// What an installed program has beside it, made from the command line itself, so that it says what --help
/// does.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace clamproof {

/// A page for man(1), in roff. @param version for its foot
std::string man_page(const CLI::App& app, const std::string& version);

/// Completes commands and options; after them, files.
std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);

}  // namespace clamproof
