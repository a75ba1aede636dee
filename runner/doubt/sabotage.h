/// Cases that are broken on purpose. A case is any good where clamproof notices each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "casefile/case.h"
#include "results/results.h"

namespace clamproof {

/// What a sabotaged cell has to come out as for the sabotage to have been noticed.
struct Sabotage {
    std::string id;                 ///< of the broken case: "tmpdir-leak.no-fault"
    std::string what;               ///< in words: "the trigger does nothing"
    std::vector<Verdict> verdicts;  ///< any of these
};

/// How a case comes out where it is not broken: some sabotages can only be seen where it fails and is fixed.
enum class ExpectedAs { Fixed, Immune };

/// Writes the broken copies of a case, each a case of its own, and what has to become of them.
///
/// Lines that end in "# the fault" (trigger) and "# the cure" (fixes) are those that do the work. Of each
/// copy for one fix the others are left out, so that no more is run than shows the sabotage.
/// @param folder gets a folder for each
/// @throws InputError where the case marks no line in a script that has to have one, or what is left without
/// it is no script; InfraError.
std::vector<Sabotage> write_sabotages(const Case& subject, const Facts& facts, const Variant& variant,
                                      ExpectedAs expected, const std::filesystem::path& folder);

/// Whether a cell shows that the sabotage was noticed.
bool noticed(const Sabotage& sabotage, const CellResult& cell);

}  // namespace clamproof
