/// A proved recipe as a report for those who can mend what it shows.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recipe/recipe.h"

namespace clamproof {

/// Where and when it was seen, beside the recipe itself. All of it is shown as one line each, whatever it
/// holds.
struct BugReport {
    const Case& subject;
    const Recipe& recipe;
    std::string proved;                                      ///< a sentence: where, when, by what
    std::string package, version;                            ///< that clamd is of
    std::vector<std::pair<std::string, std::string>> about;  ///< what else matters: name and version
    std::string since;  ///< what a bisection found; empty: there was none
};

/// Whose form a report has.
enum class ReportForm { Markdown, Debian, Github, Shell };
/// Their names, in that order.
inline constexpr const char* report_forms[] = {"markdown", "debian", "github", "shell"};

std::string bug_report(const BugReport& report, ReportForm form);

}  // namespace clamproof
