#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "reports/summary.h"
#include "reports/upgrade_reports.h"
#include "support/text.h"

namespace clamproof {
namespace {

using UpgradeTableRow = std::array<std::string, 7>;  // image, state, case, variant, before, after, fixes

std::string fates_of(const UpgradeRow& row) {
    std::vector<std::string> words;
    for (const auto& fix : row.fixes)
        words.push_back(fmt::format("{} {}", one_line(fix.fix), to_string(fix.fate)));
    return words.empty() ? "-" : fmt::format("{}", fmt::join(words, ", "));
}

std::string verdict_of(const CellResult& cell) {
    const int misses = comparable_silent_misses(cell);
    return misses > 0 ? fmt::format("{} ({}!)", to_string(cell.verdict), misses)
                      : std::string(to_string(cell.verdict));
}

std::string_view colour_of(Change change) {
    switch (change) {
        case Change::Regressed:
            return "31";
        case Change::Repaired:
            return "32";
        case Change::Inconclusive:
            return "33";
        case Change::Unchanged:
            break;
    }
    return "";
}

void append_upgrade_rows(std::string& text, const UpgradeResults& results, Colour colour) {
    std::vector<std::pair<std::string, UpgradeTableRow>> rows;
    rows.push_back({"         ", {"IMAGE", "STATE", "CASE", "VARIANT", "BEFORE", "AFTER", "FIXES"}});
    for (const auto& row : results.rows)
        rows.push_back(
            {paint(pad(to_string(row.judgement.change), 9), colour_of(row.judgement.change), colour),
             {one_line(row.image), std::string(to_string(row.state)), one_line(row.case_id),
              row.variant.empty() ? "-" : one_line(variant_name(row.variant)), verdict_of(row.before),
              verdict_of(row.after), fates_of(row)}});
    std::array<std::size_t, 7> widths{};
    for (const auto& [sign, row] : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
    widths.back() = 0;  // nothing follows it
    for (const auto& [sign, row] : rows) {
        text += sign;
        for (std::size_t i = 0; i < row.size(); ++i) text += "  " + pad(row[i], widths[i]);
        text += "\n";
    }
}

// That a daemon was left running is told here: who upgrades has to do something about it.
void append_changes(std::string& text, const UpgradedImage& image) {
    std::vector<std::string> packages, processes;
    for (const auto& change : image.changes) {
        if (change.kind == "process") processes.push_back(sentence(change));
        if (change.kind == "package")
            packages.push_back(fmt::format("{} {} → {}", change.name,
                                           change.before.empty() ? "none" : change.before,
                                           change.after.empty() ? "none" : change.after));
    }
    text += fmt::format("\n{}, {}: {}\n", one_line(image.name), to_string(image.state),
                        packages.empty() ? "no package has another version"
                                         : one_line(fmt::format("{}", fmt::join(packages, ", ")), 4000));
    for (const auto& process : processes) text += fmt::format("  {}\n", one_line(process));
    for (const auto& file : not_taken(image))
        text +=
            fmt::format("  NOT TAKEN: what the packages bring for {}, because the site had changed its own\n",
                        one_line(file));
    const std::size_t others =
        image.changes.size() - packages.size() - processes.size() - not_taken(image).size();
    if (others > 0)
        text += fmt::format("  beside them {} changed that may matter to clamd; upgrade.md names them\n",
                            counted(others, "thing"));
    if (!image.not_installable.empty())
        text += fmt::format("  NOT INSTALLABLE: {}\n", terminal_text(image.not_installable));
}

void append_reasons(std::string& text, const UpgradeRow& row, const std::string& out, Colour colour) {
    if (row.judgement.change == Change::Unchanged) return;
    text += fmt::format("\n{}  {} {} {} {}\n",
                        paint(to_string(row.judgement.change), colour_of(row.judgement.change), colour),
                        one_line(row.image), to_string(row.state), one_line(row.case_id),
                        one_line(variant_name(row.variant)));
    for (const auto& because : row.judgement.because)
        text += fmt::format("  why      {}\n", one_line(because));
    for (const auto& [side, cell] : {std::pair("before", &row.before), std::pair("after", &row.after)})
        if (const std::string why = reason(*cell); !why.empty())
            text += fmt::format("  {:<8} {}\n", side, why);
    for (const auto& fix : row.fixes)
        if (fix.fate == Fate::Lost)
            text += fmt::format("  lost     {}: {}\n", one_line(fix.fix), one_line(fix.why));
    text += fmt::format("  logs     {0}/before/logs, {0}/after/logs, {0}/fixes/logs\n",
                        fmt::format("{}/{}", one_line(out), to_string(row.state)));
}

}  // namespace

std::string upgrade_table(const UpgradeResults& results, const std::string& out, Colour colour) {
    std::string text;
    if (const auto missed = appearing_silent_misses(results); !missed.empty()) {
        text +=
            paint("SILENT MISS: after the upgrade infected files are reported clean:", alarm_colour, colour) +
            "\n";
        for (const auto* row : missed)
            text += fmt::format("  {} {} {}\n", one_line(row->image), one_line(row->case_id),
                                one_line(variant_name(row->variant)));
        text += "\n";
    }
    append_upgrade_rows(text, results, colour);
    for (const auto& skipped : results.skipped)
        text += fmt::format("skipped    {} {}: {}\n", one_line(skipped.image), one_line(skipped.case_id),
                            one_line(skipped.because));
    for (const auto& image : results.images) append_changes(text, image);
    for (const auto& row : results.rows) append_reasons(text, row, out, colour);
    for (const auto& sentence : not_run(results)) text += "\n" + sentence;
    text += fmt::format("\n\n{} in {}. {}\n", closing_line(results), duration(results.seconds),
                        accelerator_sentence(results.host));
    if (results.interrupted) text += "The upgrade was interrupted: verdicts are missing here.\n";
    return text;
}

}  // namespace clamproof
