#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "reports/log_files.h"
#include "reports/reports.h"
#include "reports/sections.h"
#include "reports/summary.h"
#include "results/again.h"
#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t shown_cells_with_misses = 20;
constexpr std::size_t command_limit = 4000;  // a command that is cut is of no use

/// A cell with the folder of its logs, which depends on the order of the results.
struct Entry {
    const CellResult* cell;
    std::string logs;
};

// Without the skipped ones, which are folded.
std::vector<Entry> entries_of(const std::vector<CellResult>& cells) {
    std::vector<std::string> folders = log_folders(cells);
    std::vector<Entry> entries;
    for (const std::size_t at : reading_order(cells)) entries.push_back({&cells[at], std::move(folders[at])});
    return entries;
}

/// Image, case, variant, verdict, expected, seconds, silent misses.
using Row = std::array<std::string, 7>;

// Marked where the failure does not explain them.
std::string misses_of(const CellResult& cell) {
    if (cell.silent_misses() == 0) return "-";
    return fmt::format("{}{}", cell.silent_misses(), cell.alarming_misses() > 0 ? "!" : "");
}

Row row_of(const CellResult& cell) {
    return {one_line(cell.image),
            one_line(cell.case_id),
            cell.variant.empty() ? "-" : one_line(variant_name(cell.variant)),
            std::string(to_string(cell.verdict)),
            std::string(cell.expected ? to_string(*cell.expected) : "nothing"),
            fmt::format("{:.1f}", cell.seconds),
            misses_of(cell)};
}

/// The columns of numbers stand right.
bool is_number(std::size_t column) {
    return column >= 5;
}

std::string line_of(const std::string& sign, const Row& row, const std::array<std::size_t, 7>& widths,
                    Colour colour) {
    std::string line = sign;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string space(widths[i] - columns(row[i]), ' ');
        const std::string text =
            i == 6 && row[i].ends_with('!') ? paint(row[i], alarm_colour, colour) : row[i];
        line += "  " + (is_number(i) ? space + text : text + space);
    }
    return line + "\n";
}

void append_rows(std::string& text, const std::vector<Entry>& entries, Colour colour) {
    std::vector<std::pair<std::string, Row>> rows;  // each with its mark
    rows.push_back(
        {"     ", {"IMAGE", "CASE", "VARIANT", "VERDICT", "EXPECTED", "SECONDS", "SILENT MISSES"}});
    for (const Entry& entry : entries) {
        rows.emplace_back(mark_text(entry.cell->outcome, colour), row_of(*entry.cell));
    }
    if (rows.size() == 1) return;
    std::array<std::size_t, 7> widths{};
    for (const auto& [sign, row] : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
    }
    for (const auto& [sign, row] : rows) text += line_of(sign, row, widths, colour);
}

void append_skipped(std::string& text, const std::vector<CellResult>& cells, Colour colour) {
    for (const SkippedCells& skipped : skipped_by_reason(cells))
        text += fmt::format("{}  {}\n", mark_text(Outcome::Skipped, colour), skipped.text());
}

void append_summary(std::string& text, const RunResults& run, const Counts& counts) {
    text += fmt::format("\n{} in {}: {} as expected", counted(counts.all(), "cell"), duration(run.seconds),
                        counts.passed);
    if (counts.known > 0) text += fmt::format(", {} known", counts.known);
    if (counts.mismatches > 0) text += fmt::format(", {} not as expected", counts.mismatches);
    if (counts.flaky > 0) text += fmt::format(", {} flaky", counts.flaky);
    if (counts.infra_errors > 0) {
        text +=
            fmt::format(", {} not tested (infra-error: the harness failed, not clamd)", counts.infra_errors);
    }
    text += fmt::format(", {} skipped. {}\n", counts.skipped, circumstances(run));
    if (run.interrupted) text += "The run was interrupted: cells are missing here.\n";
}

void append_silent_misses(std::string& text, const RunResults& run, const std::vector<Entry>& entries,
                          Misses which, Colour colour) {
    const std::string title = headline(run.results, which);
    if (title.empty()) return;
    text += "\n" + paint(title + ":", which == Misses::Alarming ? alarm_colour : "", colour) + "\n";
    std::size_t cells = 0;
    for (const Entry& entry : entries) {
        const std::string misses = misses_in_short(*entry.cell, which);
        if (misses.empty() || ++cells > shown_cells_with_misses) continue;
        text += fmt::format("  {}: {}\n", cell_name(*entry.cell), misses);
    }
    if (cells > shown_cells_with_misses)
        text += fmt::format("  and {} more\n", counted(cells - shown_cells_with_misses, "cell"));
}

void append_unexpected(std::string& text, const Entry& entry, const TableOptions& options) {
    const CellResult& cell = *entry.cell;
    if (cell.outcome == Outcome::Known)
        text += fmt::format("\n{}  {}: {}: {}\n", mark_text(cell.outcome, options.colour), cell_name(cell),
                            verdict_and_expected(cell), one_line(cell.known));
    const std::vector<Finding> found = findings(cell);
    if (found.empty()) return;
    text += fmt::format("\n{}  {}: {}\n", mark_text(cell.outcome, options.colour), cell_name(cell),
                        verdict_and_expected(cell));
    if (!cell.known.empty()) text += fmt::format("  known    {}\n", one_line(cell.known));
    for (const Finding& finding : found) {
        if (!finding.arm.empty()) text += fmt::format("  arm      {}\n", one_line(finding.arm));
        text += fmt::format("  claimed  {}\n  seen     {}\n  look     {}\n", one_line(finding.claimed),
                            one_line(finding.seen), one_line(finding.shell, command_limit));
        if (!finding.kept.empty())
            text +=
                fmt::format("  kept     {}\n",
                            one_line(kept_command(cell, fs::path(options.from) / options.out / finding.kept),
                                     command_limit));
    }
    if (!options.out.empty() && !cell.arms.empty()) {
        text += fmt::format("  logs     {}/{}/\n", one_line(options.out), entry.logs);
    }
    if (!cell.again.empty()) text += fmt::format("  again    {}\n", one_line(cell.again, command_limit));
}

bool differs(const CellResult& cell) {
    return cell.outcome == Outcome::Mismatch || cell.outcome == Outcome::Flaky ||
           cell.outcome == Outcome::Infra;
}

// Of each case how often files were let through and in how many cells.
void append_misses_by_case(std::string& text, const RunResults& run, Misses which, std::size_t most,
                           Colour colour) {
    const std::string title = headline(run.results, which);
    if (title.empty()) return;
    std::map<std::string, std::pair<int, std::size_t>> by_case;
    for (const CellResult& cell : run.results) {
        const int misses = which == Misses::Alarming ? cell.alarming_misses()
                                                     : cell.silent_misses() - cell.alarming_misses();
        if (misses == 0) continue;
        by_case[cell.case_id].first += misses;
        ++by_case[cell.case_id].second;
    }
    text += "\n" + paint(title + ":", which == Misses::Alarming ? alarm_colour : "", colour) + "\n";
    std::size_t shown = 0;
    for (const auto& [case_id, misses] : by_case)
        if (++shown <= most)
            text += fmt::format("  {}: {} in {}\n", one_line(case_id), counted(misses.first, "time"),
                                counted(misses.second, "cell"));
    if (by_case.size() > most)
        text += fmt::format("  and {}\n", counted(by_case.size() - most, "other case"));
}

// Image and reason of a cell that no guest came up for: one trouble, however many cells it strikes.
std::optional<std::pair<std::string, std::string>> trouble_of_image(const CellResult& cell) {
    if (cell.outcome != Outcome::Infra || !cell.arms.empty()) return std::nullopt;
    return std::pair(cell.image, cell.because);
}

void append_all_unexpected(std::string& text, const std::vector<Entry>& entries,
                           const TableOptions& options) {
    std::map<std::pair<std::string, std::string>, std::size_t> alike;
    for (const Entry& entry : entries)
        if (const auto trouble = trouble_of_image(*entry.cell)) ++alike[*trouble];
    for (const Entry& entry : entries) {
        const auto trouble = trouble_of_image(*entry.cell);
        const std::size_t cells = trouble ? std::exchange(alike[*trouble], 0) : 1;
        if (cells == 0) continue;
        append_unexpected(text, entry, options);
        if (cells > 1)
            text += fmt::format("  as well  {} of {}\n", counted(cells - 1, "other cell"),
                                one_line(entry.cell->image));
    }
}

}  // namespace

std::string verdict_summary(const RunResults& run, const TableOptions& options) {
    constexpr std::size_t most_rows = 5, most_cases = 3;
    std::vector<Entry> different = entries_of(run.results);
    std::erase_if(different, [](const Entry& entry) { return !differs(*entry.cell); });
    const std::size_t all = different.size();
    const std::vector<Entry> shown(different.begin(),
                                   different.begin() + static_cast<std::ptrdiff_t>(std::min(all, most_rows)));
    const Counts counts = count(run.results);
    std::string text;
    append_rows(text, shown, options.colour);
    if (all > shown.size())
        text += fmt::format("       and {} not as expected\n", counted(all - shown.size(), "other cell"));
    append_summary(text, run, counts);
    for (const Misses which : {Misses::Explained, Misses::Alarming})
        append_misses_by_case(text, run, which, most_cases, options.colour);
    if (all == 1) append_all_unexpected(text, shown, options);
    const std::string out = options.out.empty() ? "" : one_line(options.out) + "/";
    text += fmt::format("\nThe whole of it is in {0}report.html and {0}summary.md; --table prints it here.\n",
                        out);
    return text + closing_line(counts) + "\n";
}

std::string verdict_table(const RunResults& run, const TableOptions& options) {
    const std::vector<Entry> entries = entries_of(run.results);
    const Counts counts = count(run.results);
    std::string text;
    append_rows(text, entries, options.colour);
    append_skipped(text, run.results, options.colour);
    append_summary(text, run, counts);
    for (const Misses which : {Misses::Explained, Misses::Alarming})
        append_silent_misses(text, run, entries, which, options.colour);
    append_all_unexpected(text, entries, options);
    return text + "\n" + closing_line(counts) + "\n";
}

}  // namespace clamproof
