#include "reports/bug_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "reports/markdown.h"
#include "support/text.h"

namespace clamproof {
namespace {

using Purpose = RecipeStep::Purpose;

constexpr std::size_t mail_columns = 72;
constexpr std::size_t quoted_output = 1500;

std::string wrapped(const std::string& text) {
    const std::string flat = one_line(text, 4000);
    std::string lines;
    std::size_t column = 0;
    for (const auto word : split(flat, ' ')) {
        const bool fits = column > 0 && column + 1 + word.size() <= mail_columns;
        if (column > 0) lines += fits ? ' ' : '\n';
        column = (fits ? column + 1 : 0) + word.size();
        lines += word;
    }
    return lines + "\n";
}

std::string indented(std::string_view text) {
    std::string lines;
    for (const auto& line : lines_of(shortened(text, quoted_output))) lines += "    " + one_line(line) + "\n";
    return lines;
}

// The steps of a failure that say what it looks like.
std::vector<const RecipeStep*> telling_steps(const Recipe& recipe) {
    std::vector<const RecipeStep*> steps;
    for (const auto& step : recipe.steps)
        if (step.purpose == Purpose::Failure || step.purpose == Purpose::Denials ||
            step.purpose == Purpose::Evidence)
            steps.push_back(&step);
    return steps;
}

std::string alarm(const BugReport& report) {
    const std::size_t misses = silent_misses(report.recipe).size();
    return misses == 0
               ? ""
               : fmt::format("Infected files are reported clean: {} in this run.", counted(misses, "scan"));
}

std::string versions_of(const BugReport& report) {
    std::vector<std::string> versions;
    for (const auto& [name, version] : report.about) versions.push_back(name + " " + version);
    return fmt::format("{}", fmt::join(versions, ", "));
}

std::string script_of(const BugReport& report) {
    std::vector<std::string> head = {report.subject.title, report.proved,
                                     "As root, on a machine that may be thrown away: sh THIS-FILE",
                                     "Documented in: " + report.subject.source};
    head.push_back("Versions: " + versions_of(report));
    if (!report.since.empty()) head.push_back("Since: " + report.since);
    return report.recipe.script(head);
}

std::string debian(const BugReport& report) {
    std::string text = fmt::format("Subject: {}: {}\n\nPackage: {}\nVersion: {}\nSeverity: important\n",
                                   one_line(report.package), one_line(report.subject.title),
                                   one_line(report.package), one_line(report.version));
    if (!alarm(report).empty()) text += "Tags: security\n";
    text += "\n" + wrapped(report.subject.story) + "\n" + wrapped(report.proved);
    if (!alarm(report).empty()) text += "\n" + wrapped(alarm(report));
    text += "\nExpected, and seen before the fault:\n\n" + indented(report.recipe.of(Purpose::Before).shown);
    for (const auto* step : telling_steps(report.recipe))
        text += fmt::format("\n{}:\n\n", step->heading.substr(step->heading.find(' ') + 1)) +
                indented(step->shown);
    if (!report.since.empty()) text += "\n" + wrapped("Since: " + report.since);
    text += "\n" + wrapped("What cures it: " + report.recipe.fix->documented);
    text += "\n" + wrapped("Versions: " + versions_of(report));
    return text + "\nA script that shows all of it:\n\n" + script_of(report);
}

std::string markdown(const BugReport& report, ReportForm form) {
    const bool github = form == ReportForm::Github;
    const char* heading = github ? "### " : "## ";
    std::string text = github ? "" : fmt::format("# {}\n\n", markdown_plain(report.subject.title));
    text += markdown_plain(report.subject.story) + "\n\n" + markdown_plain(report.proved) + "\n";
    if (!alarm(report).empty()) text += fmt::format("\n**{}**\n", markdown_plain(alarm(report)));
    text += fmt::format("\n{}Expected, and seen before the fault\n\n{}", heading,
                        markdown_block(shortened(report.recipe.of(Purpose::Before).shown, quoted_output)));
    for (const auto* step : telling_steps(report.recipe))
        text += fmt::format("\n{}{}\n\n{}", heading,
                            markdown_plain(step->heading.substr(step->heading.find(' ') + 1)),
                            markdown_block(shortened(step->shown, quoted_output)));
    if (!report.since.empty())
        text += fmt::format("\n{}Since\n\n{}\n", heading, markdown_plain(report.since));
    text += fmt::format("\n{}What cures it\n\n{}\n\n{}Versions\n\n", heading,
                        markdown_plain(report.recipe.fix->documented), heading);
    for (const auto& [name, version] : report.about)
        text += fmt::format("- {} {}\n", markdown_plain(name), markdown_plain(version));
    text += fmt::format("\n{}To reproduce\n\n", heading);
    return text + (github ? "<details><summary>A script that shows all of it</summary>\n\n" : "") +
           markdown_block(script_of(report)) + (github ? "\n</details>\n" : "");
}

}  // namespace

std::string bug_report(const BugReport& report, ReportForm form) {
    switch (form) {
        case ReportForm::Shell:
            return script_of(report);
        case ReportForm::Debian:
            return debian(report);
        case ReportForm::Markdown:
        case ReportForm::Github:
            break;
    }
    return markdown(report, form);
}

}  // namespace clamproof
