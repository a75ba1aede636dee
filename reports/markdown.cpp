#include "reports/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "reports/layout.h"
#include "reports/reports.h"
#include "reports/sections.h"
#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t seen_limit = 2000;
constexpr std::size_t shown_misses = 10;

std::string matrix_table(const RunResults& run) {
    const ResultMatrix matrix = matrix_of(run.results);
    std::string text = "| case |";
    for (const auto& image : matrix.images) text += fmt::format(" {} |", markdown_plain(image));
    text += "\n| --- |";
    for (std::size_t i = 0; i < matrix.images.size(); ++i) text += " --- |";
    text += "\n";
    for (const auto& case_id : matrix.cases) {
        text += fmt::format("| {} |", markdown_plain(case_id));
        for (const auto& image : matrix.images) {
            const auto found = matrix.fields.find({case_id, image});
            if (found == matrix.fields.end())
                text += " |";
            else
                text += fmt::format(" {} {}{} |", mark(found->second.outcome).symbol, found->second.words,
                                    found->second.alarming_misses > 0 ? " 🚨 SILENT MISS"
                                    : found->second.silent_misses > 0 ? " 🔕 silent miss"
                                                                      : "");
        }
        text += "\n";
    }
    return text;
}

// Within an alert of GitHub's, or a list.
std::string misses(const RunResults& run, Misses which) {
    const std::string title = headline(run.results, which);
    if (title.empty()) return "";
    const std::string_view quoted = which == Misses::Alarming ? "> " : "";
    std::string text = which == Misses::Alarming ? fmt::format("> [!CAUTION]\n> **{}:**\n", title)
                                                 : fmt::format("### Silent misses\n\n{}:\n\n", title);
    std::size_t cells = 0;
    for (const std::size_t at : reading_order(run.results)) {
        const CellResult& cell = run.results[at];
        const std::string words = misses_in_short(cell, which);
        if (words.empty() || ++cells > shown_misses) continue;
        text += fmt::format("{}- {}: {}\n", quoted, markdown_plain(cell_name(cell)), markdown_plain(words));
    }
    if (cells > shown_misses)
        text += fmt::format("{}- and {} more\n", quoted, counted(cells - shown_misses, "cell"));
    return text + "\n";
}

std::string skipped(const RunResults& run) {
    constexpr std::size_t shown_reasons = 100;
    const std::vector<SkippedCells> reasons = skipped_by_reason(run.results);
    std::string text;
    for (std::size_t i = 0; i < reasons.size() && i < shown_reasons; ++i)
        text += fmt::format("- {} {}\n", mark(Outcome::Skipped).symbol, markdown_plain(reasons[i].text()));
    if (reasons.size() > shown_reasons)
        text += fmt::format("- and {} more\n", counted(reasons.size() - shown_reasons, "reason"));
    return text.empty() ? "" : text + "\n";
}

std::string unexpected(const CellResult& cell) {
    std::string text =
        fmt::format("### {} {}: {}\n\n", mark(cell.outcome).symbol, markdown_plain(cell_name(cell)),
                    markdown_plain(verdict_and_expected(cell)));
    if (!cell.known.empty()) text += markdown_plain(cell.known) + "\n\n";
    for (const auto& finding : findings(cell)) {
        text +=
            fmt::format("{}**claimed:** {}\n\n**seen:**\n\n{}\n",
                        finding.arm.empty() ? "" : fmt::format("Arm {}. ", markdown_plain(finding.arm)),
                        markdown_plain(finding.claimed), markdown_block(one_line(finding.seen, seen_limit)));
        if (!finding.shell.empty())
            text += fmt::format("A shell right there:\n\n{}\n", markdown_block(finding.shell));
    }
    if (!cell.again.empty()) text += fmt::format("Again:\n\n{}\n", markdown_block(cell.again));
    return text;
}

std::string known_problems(const RunResults& run) {
    std::string text;
    std::size_t left = 0;
    for (const auto& cell : run.results) {
        if (cell.outcome != Outcome::Known) continue;
        if (text.size() > 50'000)
            ++left;
        else
            text +=
                fmt::format("- {} {}: {}: {}\n", mark(cell.outcome).symbol, markdown_plain(cell_name(cell)),
                            markdown_plain(verdict_and_expected(cell)), markdown_plain(cell.known));
    }
    if (left > 0) text += fmt::format("- and {} more\n", left);
    return text.empty() ? "" : text + "\n";
}

// In the order of reading, as many as there is room for.
std::string all_unexpected(const RunResults& run, std::size_t room) {
    std::string text;
    std::size_t left = count(run.results).failed();
    for (const std::size_t at : reading_order(run.results)) {
        if (section_of(run.results[at]) != Section::Differs) break;
        const std::string section = unexpected(run.results[at]);
        if (text.size() + section.size() > room) break;
        text += section;
        --left;
    }
    if (left > 0)
        text += fmt::format("{} more that {} not as expected: no room here; results.json has all.\n\n",
                            counted(left, "cell"), left == 1 ? "is" : "are");
    return text;
}

constexpr std::size_t text_limit = 2000;

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// A list, a heading, a quotation, a line of dashes or equal signs; a command, where the text gets into the
// log of a job of GitHub Actions.
bool begins_block(std::string_view line) {
    if (std::string_view("#>-+=:").find(line[0]) != std::string_view::npos) return true;
    const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
    if (digits == 0 || digits == line.size() || (line[digits] != '.' && line[digits] != ')')) return false;
    return digits + 1 == line.size() || line[digits + 1] == ' ';
}

// What is taken for Markdown or HTML wherever it stands.
bool is_special(std::string_view line, std::size_t at) {
    const char c = line[at];
    const char before = at > 0 ? line[at - 1] : ' ', after = at + 1 < line.size() ? line[at + 1] : ' ';
    if (c == '_') return !is_word(before) || !is_word(after);
    return std::string_view("\\`*[|~").find(c) != std::string_view::npos;
}

bool follows_www(std::string_view line, std::size_t at) {
    return at >= 3 && line.substr(at - 3, 3).find_first_not_of("wW") == std::string_view::npos;
}

// What a backslash does not take its meaning from: it is looked for in HTML or text that is made already.
std::string_view replacement(std::string_view line, std::size_t at) {
    const std::string_view rest = line.substr(at);
    const char after = rest.size() > 1 ? rest[1] : ' ';
    if (rest[0] == '<') return "&lt;";
    if (rest[0] == '&' && (is_word(after) || after == '#')) return "&amp;";
    if (rest[0] == '$') return "&#36;";           // a formula
    if (rest.starts_with("://")) return "&#58;";  // a link
    if (rest[0] == '.' && follows_www(line, at)) return "&#46;";
    if (rest[0] == '@' && is_word(after)) return "@&#8203;";  // somebody is told
    if (rest[0] == '#' && is_word(after)) return "#&#8203;";  // an issue gets a reference
    return "";
}

}  // namespace

std::string markdown_plain(std::string_view text) {
    std::string line = one_line(document_text(text), text_limit);
    line.erase(0, line.find_first_not_of(' '));
    std::string escaped;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const std::string_view other = replacement(line, at);
        if (is_special(line, at)) escaped += '\\';
        if (other.empty())
            escaped += line[at];
        else
            escaped += other;
    }
    if (line.empty() || !begins_block(line)) return escaped;
    const std::size_t sign = line.find_first_not_of("0123456789");
    return escaped[sign] == '&' ? escaped : escaped.insert(sign, "\\");
}

// The fence is longer than any run of backticks in it. Nothing in a block is Markdown, but a line that begins
// with two colons would be a command, where the text gets into the log of a job of GitHub Actions.
std::string markdown_block(std::string_view text) {
    std::string content = document_text(terminal_text(text));
    std::size_t longest = 0, ticks = 0;
    bool line_begins = true;
    for (std::size_t at = 0; at < content.size(); ++at) {
        const char c = content[at];
        if (line_begins && content.compare(at, 2, "::") == 0) content.insert(at + 1, "\u200b");
        line_begins = c == '\n' || (line_begins && (c == ' ' || c == '\t'));
        ticks = c == '`' ? ticks + 1 : 0;
        longest = std::max(longest, ticks);
    }
    const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
    return fmt::format("{0}text\n{1}{2}{0}\n", fence, content, content.ends_with('\n') ? "" : "\n");
}

std::string markdown(const RunResults& run, std::size_t limit) {
    constexpr std::size_t closing_room = 200;
    const Counts counts = count(run.results);
    std::string text = fmt::format("## clamproof: {}\n\n", closing_line(counts));
    if (run.interrupted) text += "**The run was interrupted: cells are missing here.**\n\n";
    text += misses(run, Misses::Alarming);
    std::string table = matrix_table(run);
    if (text.size() + table.size() + closing_room > limit)
        table = fmt::format("The matrix of {} does not fit in here.\n", counted(counts.all(), "cell"));
    std::string rest = table + fmt::format("\n{}\n\n", markdown_plain(circumstances(run)));
    for (const std::string& part : {known_problems(run), skipped(run)})
        if (text.size() + rest.size() + part.size() + closing_room <= limit) rest += part;
    if (const std::string part = misses(run, Misses::Explained);
        text.size() + rest.size() + part.size() + closing_room <= limit)
        rest.insert(0, part);
    return text + all_unexpected(run, limit - std::min(limit, text.size() + rest.size() + closing_room)) +
           rest;
}

}  // namespace clamproof
