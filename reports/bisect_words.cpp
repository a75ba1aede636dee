#include "reports/bisect_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/layout.h"
#include "reports/summary.h"
#include "results/again.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t listed_lines = 25;

std::string packages_of(const Candidate& candidate) {
    std::vector<std::string> all;
    for (const auto& package : candidate.packages)
        all.push_back(package.version.empty() ? package.name : package.name + " " + package.version);
    if (all.empty()) return "";
    const std::string last = all.back();
    return all.size() > 3 ? fmt::format(" ({} packages, the last {})", all.size(), last)
                          : fmt::format(" ({})", fmt::join(all, ", "));
}

std::string why_undecided(const BisectReport& report, std::size_t candidate) {
    const BisectRun* run = report.bisection.run_of(candidate);
    return run ? fmt::format("{}: {}", to_string(run->cell.verdict), one_line(reason(run->cell)))
               : std::string("not run");
}

std::string neighbour(const BisectReport& report, std::string_view what, std::size_t candidate,
                      const std::string& name) {
    const BisectRun* run = report.bisection.run_of(candidate);
    if (!run) return "";
    std::string line = fmt::format("  {:<10} {}: {}", what, one_line(name), to_string(run->cell.verdict));
    if (const auto why = reason(run->cell); !why.empty()) line += "; " + one_line(why);
    if (const int misses = run->cell.silent_misses(); misses > 0)
        line += fmt::format("; SILENT MISS: infected files reported clean, {} times", misses);
    return line +
           fmt::format("\n{:13}to see for yourself: {}\n", "", terminal_text(command_for(report, candidate)));
}

std::string listing(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return "";
    std::string text = fmt::format("{}:\n", title);
    for (std::size_t i = 0; i < std::min(lines.size(), listed_lines); ++i)
        text += "  " + one_line(lines[i]) + "\n";
    if (lines.size() > listed_lines) text += fmt::format("  … and {} more\n", lines.size() - listed_lines);
    return text;
}

}  // namespace

std::string command_for(const BisectReport& report, std::size_t candidate) {
    const Candidate& one = report.candidates[candidate];
    return blank_result({.image = one.image, .case_id = report.case_id, .variant = report.variant},
                        one.files(), report.called)
        .again;
}

std::string conclusion(const BisectReport& report) {
    const SearchResult& result = report.bisection.result;
    if (!report.found()) return "interrupted: the same command goes on where it was";
    const std::string good = one_line(report.last_good().last_name());
    const std::string bad = one_line(report.first_bad().name);
    if (!result.settled)
        return fmt::format("the change is between {} and {}: runs disagree too much to come closer", good,
                           bad);
    if (result.first_bad - result.last_good > 1)
        return fmt::format(
            "the change is between {} and {}, undecidable because {} between them cannot be told", good, bad,
            counted(result.first_bad - result.last_good - 1, "candidate"));
    return fmt::format("culprit: {}{}; last good {}, first bad {}", bad,
                       one_line(packages_of(report.first_bad())), good, bad);
}

std::vector<std::string> undecided(const BisectReport& report) {
    std::vector<std::string> lines;
    if (!report.found() || !report.bisection.result.settled) return lines;
    for (auto i = report.bisection.result.last_good + 1; i < report.bisection.result.first_bad; ++i)
        lines.push_back(fmt::format("{}: {}", report.candidates[i].name, why_undecided(report, i)));
    return lines;
}

std::string effort(const BisectReport& report) {
    const Bisection& bisection = report.bisection;
    std::string text = fmt::format("{}, {}", counted(report.candidates.size(), "candidate"),
                                   counted(bisection.runs.size(), "run"));
    if (bisection.cached() > 0) text += fmt::format(", {} of them known from before", bisection.cached());
    if (report.found())
        text += fmt::format("; found after {}, the others to be sure", bisection.runs_until_found);
    if (!bisection.left_out.empty())
        text += fmt::format("; {} could not be decided", counted(bisection.left_out.size(), "candidate"));
    return text + fmt::format("; {}", duration(report.seconds));
}

std::string bisect_summary(const BisectReport& report) {
    std::string text = conclusion(report) + "\n";
    if (report.found()) {
        const SearchResult& result = report.bisection.result;
        text += neighbour(report, "last good", result.last_good, report.last_good().last_name());
        text += neighbour(report, "first bad", result.first_bad, report.first_bad().name);
        text += listing("cannot be told", undecided(report));
        text += listing("packages", report.differences.packages);
        text += listing("in the packages", report.differences.contents);
        text += listing("on the guest", report.differences.guest);
        text += listing("in the policy", report.differences.policy);
    }
    return text + effort(report) + "\n";
}

}  // namespace clamproof
