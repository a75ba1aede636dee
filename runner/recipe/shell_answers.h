/// What can be said of shell commands without running them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "recipe/shell_script.h"

namespace clamproof {

/// The command's name; empty where only a run tells it, and where it is no simple command.
std::string first_word(const Command& command);

/// Whether one of these is the first word of a command, at any depth; substitutions aside.
bool names(const Commands& commands, const std::vector<std::string>& words);

/// NAME of NAME=value; empty where the word is no assignment.
std::string assigned_by(const Word& word);

/// The names of all variables that are assigned, at any depth; substitutions aside.
std::set<std::string> assigned_in(const Commands& commands);

/// Whether it succeeds, where all that it looks at is known: true, false, and [ ] of texts.
std::optional<bool> decided(const Command& command);

/// Whether it changes nothing, and prints nothing: [ ], and lists of such.
bool only_asks(const Command& command);

/// The pattern of a branch as fnmatch(3) has it; none where something in it is expanded.
std::optional<std::string> glob_of(const Word& pattern);

}  // namespace clamproof
