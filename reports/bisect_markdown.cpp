#include "reports/bisect_markdown.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/bisect_words.h"
#include "reports/layout.h"
#include "reports/markdown_text.h"
#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t shown_lines = 200;

std::string words_of(const BisectRun* run) {
    if (!run) return "not run";
    const std::string why = reason(run->cell);
    return fmt::format("**{}**{}{}", to_string(run->cell.verdict), why.empty() ? "" : ": ",
                       markdown_plain(why));
}

std::string words_of(const BisectRun* run, const std::string& arm) {
    if (!run) return "";
    for (const Arm& one : run->cell.arms)
        if (one.id.text() == arm) return one.held ? "held" : markdown_plain(one.seen);
    return "";
}

// Arms of either, in the order in which they ran.
std::vector<std::string> arms_of(std::initializer_list<const BisectRun*> runs) {
    std::vector<std::string> names;
    for (const BisectRun* run : runs)
        if (run)
            for (const Arm& arm : run->cell.arms)
                if (std::find(names.begin(), names.end(), arm.id.text()) == names.end())
                    names.push_back(arm.id.text());
    return names;
}

std::string denials_of(const BisectRun* run) {
    if (!run) return "";
    std::size_t denials = 0;
    for (const Arm& arm : run->cell.arms) denials += arm.denials.size();
    return std::to_string(denials);
}

std::string side_by_side(const BisectReport& report) {
    const SearchResult& result = report.bisection.result;
    const BisectRun* good = report.bisection.run_of(result.last_good);
    const BisectRun* bad = report.bisection.run_of(result.first_bad);
    const auto row = [](const std::string& what, const std::string& one, const std::string& other) {
        return fmt::format("| {} | {} | {} |\n", what, one, other);
    };
    std::string text = row("", "last good: " + markdown_plain(report.last_good().last_name()),
                           "first bad: " + markdown_plain(report.first_bad().name)) +
                       "| --- | --- | --- |\n" + row("verdict", words_of(good), words_of(bad));
    for (const auto& arm : arms_of({good, bad}))
        text += row(markdown_plain(arm), words_of(good, arm), words_of(bad, arm));
    text += row("denials", denials_of(good), denials_of(bad));
    text += row("silent misses", std::to_string(good ? good->cell.silent_misses() : 0),
                std::to_string(bad ? bad->cell.silent_misses() : 0));
    return text +
           fmt::format(
               "\nEvidence: `last-good/report.html`, `first-bad/report.html`. To see for yourself:\n\n{}\n",
               markdown_block(command_for(report, result.last_good) + "\n" +
                              command_for(report, result.first_bad)));
}

std::string section(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return "";
    const std::size_t shown = std::min(lines.size(), shown_lines);
    std::string text =
        fmt::format("{}", fmt::join(lines.begin(), lines.begin() + static_cast<long>(shown), "\n"));
    if (lines.size() > shown) text += fmt::format("\n… and {} more", lines.size() - shown);
    return fmt::format("### {}\n\n{}\n", title, markdown_block(text));
}

std::string runs_of(const BisectReport& report) {
    std::string text = "### Runs\n\n| candidate | verdict | | seconds |\n| --- | --- | --- | --- |\n";
    for (const BisectRun& run : report.bisection.runs)
        text += fmt::format("| {} | {} | {} | {} |\n", markdown_plain(report.candidates[run.candidate].name),
                            to_string(run.cell.verdict),
                            run.side == Side::Good  ? "good"
                            : run.side == Side::Bad ? "bad"
                                                    : "cannot be told",
                            run.cached ? "known from before" : fmt::format("{:.1f}", run.cell.seconds));
    return text;
}

}  // namespace

std::string markdown(const BisectReport& report) {
    std::string text =
        fmt::format("## clamproof bisect {} {}\n\n**{}**\n\n{}\n\n", markdown_plain(report.case_id),
                    markdown_plain(variant_name(report.variant)), markdown_plain(conclusion(report)),
                    markdown_plain(effort(report)));
    if (report.found()) {
        text += side_by_side(report);
        text += section("Cannot be told", undecided(report));
        text += section("Packages", report.differences.packages);
        text += section("In the packages", report.differences.contents);
        text += section("On the guest", report.differences.guest);
        text += section("In the policy", report.differences.policy);
    }
    return text + runs_of(report);
}

}  // namespace clamproof
