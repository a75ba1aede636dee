/// What differs between the candidates on both sides of a change.
#pragma once

#include <string>

#include "bisect/bisection.h"
#include "jobs/dispatcher.h"
#include "results/bisect_results.h"

namespace clamproof {

/// The script that looks at a guest for all that may differ. @throws InfraError.
std::string inspection_script(const ImageDefinition& image);

/// Looks at both package sets, and at a guest with each, where no run has. What cannot be looked at is said
/// in its place.
Differences differences_between(const BisectPlan& plan, const BisectReport& report, Dispatcher& dispatcher);

/// "NAME OLD → NEW", "+ NAME VERSION", "- NAME VERSION", by name. @param before, after name → version
std::vector<std::string> changed_versions(const std::map<std::string, std::string>& before,
                                          const std::map<std::string, std::string>& after);

/// Lines that only one of two texts has: "- " those of the first, then "+ " those of the second; sorted.
std::vector<std::string> changed_lines(const std::string& before, const std::string& after);

}  // namespace clamproof
