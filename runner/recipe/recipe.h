/// A cell as one plain shell script, and what a run of it in a guest shows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "guest/guest.h"
#include "proof/cell.h"

namespace clamproof {

/// A step of a recipe. It says its heading when it begins, so that its output can be told from the others'.
struct RecipeStep {
    enum class Purpose { Machine, SetUp, Before, Fault, Failure, Evidence, Denials, Control, Fix, After };
    Purpose purpose = Purpose::Machine;
    std::string heading;
    std::string commands;                ///< shell lines
    const Evidence* evidence = nullptr;  ///< of a step of evidence: what it is to show
    std::string shown{};                 ///< what it printed in the guest; empty before it was run
};

struct Recipe {
    std::vector<RecipeStep> steps;
    const Fix* fix = nullptr;  ///< of the case

    const RecipeStep& of(RecipeStep::Purpose purpose) const;
    /// The script. What the steps have shown stands in it as comments.
    /// @param head comment lines for its beginning, any text
    std::string script(const std::vector<std::string>& head) const;
};

/// The shell texts that recipes are written out with, besides the case's own.
struct RecipeWords {
    std::string plain;     ///< cases/plain.sh
    std::string packages;  ///< plain.sh of the package manager
};

/// The recipe of a cell: its set-up, fault and first fix.
/// @throws InputError where a script cannot be written out, saying why.
Recipe make_recipe(const Cell& cell, const RecipeWords& words);

/// Runs the recipe in a fresh guest: the text of its script alone, by `sh`, whose trace would stand among
/// what is judged. The steps get what they showed.
/// @returns what differs from what the case documents; nothing where the recipe is proved
/// @throws InfraError.
std::vector<std::string> prove(Recipe& recipe, const Cell& cell, Guest& guest);

/// Gives the steps of a recipe what they showed. @param transcript both streams of the script
/// @returns whether every step was begun
bool take_transcript(Recipe& recipe, std::string_view transcript);

/// What of the documented failure and cure the steps did not show, a sentence each.
std::vector<std::string> differences(const Recipe& recipe, const Cell& cell);

/// Lines of files that were found infected before the fault, and were reported clean with it.
std::vector<std::string> silent_misses(const Recipe& recipe);

}  // namespace clamproof
