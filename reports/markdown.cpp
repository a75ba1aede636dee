#include "reports/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "reports/layout.h"
#include "reports/reports.h"
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
                                    found->second.silent_misses > 0 ? " 🔕 SILENT MISS" : "");
        }
        text += "\n";
    }
    return text;
}

std::string alarm(const RunResults& run) {
    const Counts counts = count(run.results);
    if (counts.silent_misses == 0) return "";
    std::string text = fmt::format("> [!CAUTION]\n> **{} reported clean, silently:**\n",
                                   counted(counts.silent_misses, "infected file"));
    std::size_t shown = 0, cells = 0;
    for (const auto& cell : run.results) {
        if (cell.silent_misses() == 0 || ++cells > shown_misses) continue;
        ++shown;
        text += fmt::format("> - {}: {}\n", markdown_plain(cell_name(cell)),
                            counted(static_cast<std::size_t>(cell.silent_misses()), "time"));
    }
    if (cells > shown) text += fmt::format("> - and {} more\n", counted(cells - shown, "cell"));
    return text + "\n";
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

bool is_unexpected(const CellResult& cell) {
    return cell.outcome == Outcome::Mismatch || cell.outcome == Outcome::Infra;
}

constexpr std::size_t text_limit = 2000;

}  // namespace

// As HTML would have it, which is what a Markdown table and a heading may hold. A vertical bar ends a table's
// cell, a backtick and its like begin something.
std::string markdown_plain(std::string_view text) {
    std::string escaped;
    for (const char c : one_line(document_text(text), text_limit)) {
        if (std::string_view("<>&\"'|`*_[]\\#~$@:").find(c) != std::string_view::npos)
            escaped += fmt::format("&#{};", static_cast<int>(c));
        else
            escaped += c;
    }
    return escaped;
}

// A block of code, its fence longer than any run of backticks in it.
std::string markdown_block(std::string_view text) {
    const std::string content = document_text(terminal_text(text));
    std::size_t longest = 0, run = 0;
    for (const char c : content) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
    return fmt::format("{0}text\n{1}{2}{0}\n", fence, content, content.ends_with('\n') ? "" : "\n");
}

std::string markdown(const RunResults& run, std::size_t limit) {
    constexpr std::size_t closing_room = 200;
    const Counts counts = count(run.results);
    std::string text = fmt::format("## clamproof: {}\n\n", closing_line(counts));
    if (run.interrupted) text += "**The run was interrupted: cells are missing here.**\n\n";
    text += alarm(run);
    std::string table = matrix_table(run);
    if (text.size() + table.size() + closing_room > limit)
        table = fmt::format("The matrix of {} does not fit in here.\n", counted(counts.all(), "cell"));
    text += table + fmt::format("\n{}\n\n", markdown_plain(circumstances(run)));
    if (const std::string known = known_problems(run); text.size() + known.size() + closing_room <= limit)
        text += known;
    std::size_t left = counts.failed();
    for (const auto& cell : run.results) {
        if (!is_unexpected(cell)) continue;
        const std::string section = unexpected(cell);
        if (text.size() + section.size() + closing_room > limit) break;
        text += section;
        --left;
    }
    if (left > 0)
        text += fmt::format("{} more that {} not as expected: no room here; results.json has all.\n",
                            counted(left, "cell"), left == 1 ? "is" : "are");
    return text;
}

}  // namespace clamproof
