#include "reports/upgrade_reports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "reports/markdown.h"
#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

// Their values are checksums.
constexpr std::array<std::string_view, 4> opaque = {"file", "module", "not-taken", "unit"};

// Rows in which an infected file is reported clean after the upgrade, and none was before.
std::vector<const UpgradeRow*> appearing_silent_misses(const UpgradeResults& results) {
    std::vector<const UpgradeRow*> rows;
    for (const auto& row : results.rows)
        if (comparable_silent_misses(row.before) == 0 && comparable_silent_misses(row.after) > 0)
            rows.push_back(&row);
    return rows;
}

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
    constexpr std::string_view colours[] = {"", "32", "31", "33"};
    return colours[static_cast<std::size_t>(change)];
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

std::string_view sign_of(Change change) {
    constexpr std::string_view signs[] = {"➖", "✅", "❌", "⚠️"};
    return signs[static_cast<std::size_t>(change)];
}

std::string headline(const UpgradeResults& results) {
    std::string text;
    for (const auto* row : appearing_silent_misses(results))
        text += fmt::format(
            "> 🔕 **SILENT MISS**: after the upgrade an infected file is reported clean: {} {} {}\n",
            markdown_plain(row->image), markdown_plain(row->case_id),
            markdown_plain(variant_name(row->variant)));
    for (const auto& image : results.images)
        for (const auto& file : not_taken(image))
            text += fmt::format(
                "> 📄 **NOT TAKEN**: what the packages bring for {} is not in force on {} ({}): the site had "
                "changed its own\n",
                markdown_plain(file), markdown_plain(image.name), to_string(image.state));
    return text.empty() ? "" : text + "\n";
}

std::string fixes_of(const UpgradeRow& row) {
    std::vector<std::string> words;
    for (const auto& fix : row.fixes) {
        const std::string why = fix.why.empty() ? "" : ": " + markdown_plain(fix.why);
        words.push_back(fmt::format("{} **{}**{}", markdown_plain(fix.fix), to_string(fix.fate), why));
    }
    return fmt::format("{}", fmt::join(words, "<br>"));
}

std::string rows_of(const UpgradeResults& results) {
    std::string text =
        "| | image | state before | case | variant | before | after | fixes applied before |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for (const auto& row : results.rows)
        text += fmt::format("| {} {} | {} | {} | {} | {} | {} | {} | {} |\n", sign_of(row.judgement.change),
                            to_string(row.judgement.change), markdown_plain(row.image), to_string(row.state),
                            markdown_plain(row.case_id), markdown_plain(variant_name(row.variant)),
                            to_string(row.before.verdict), to_string(row.after.verdict), fixes_of(row));
    return text + "\n";
}

std::string reasons_of(const UpgradeRow& row) {
    if (row.judgement.change == Change::Unchanged) return "";
    std::string text = fmt::format("### {} {}: {} on {}, {}\n\n", sign_of(row.judgement.change),
                                   to_string(row.judgement.change), markdown_plain(row.case_id),
                                   markdown_plain(row.image), to_string(row.state));
    for (const auto& because : row.judgement.because) text += fmt::format("- {}\n", markdown_plain(because));
    if (const std::string why = reason(row.before); !why.empty())
        text += fmt::format("- before: {}\n", markdown_plain(why));
    if (const std::string why = reason(row.after); !why.empty())
        text += fmt::format("- after: {}\n", markdown_plain(why));
    return text + "\n";
}

std::string changes_of(const UpgradedImage& image) {
    std::string text = fmt::format("## What the upgrade changed on {}, {}\n\n", markdown_plain(image.name),
                                   to_string(image.state));
    if (!image.not_installable.empty())
        return text + "The packages do not install:\n\n" + markdown_block(image.not_installable) + "\n";
    std::string lines;
    for (const auto& change : image.changes) lines += sentence(change) + "\n";
    return text + (lines.empty() ? std::string("Nothing of what was looked at.\n") : markdown_block(lines)) +
           "\n";
}

}  // namespace

std::string closing_line(const UpgradeResults& results) {
    const auto count = [&](Change change) {
        return std::count_if(results.rows.begin(), results.rows.end(),
                             [=](const UpgradeRow& row) { return row.judgement.change == change; });
    };
    std::string line = fmt::format("{} regressed, {} repaired, {} unchanged", count(Change::Regressed),
                                   count(Change::Repaired), count(Change::Unchanged));
    if (const auto inconclusive = count(Change::Inconclusive))
        line += fmt::format(", {} inconclusive", inconclusive);
    return line;
}

std::string sentence(const GuestChange& change) {
    const std::string thing = change.kind + " " + change.name;
    if (std::find(opaque.begin(), opaque.end(), change.kind) != opaque.end()) {
        const char* what = change.before.empty() ? "new" : change.after.empty() ? "gone" : "changed";
        return fmt::format("{}: {}", thing, what);
    }
    if (change.before.empty()) return fmt::format("{}: new, {}", thing, change.after);
    if (change.after.empty()) return fmt::format("{}: gone, was {}", thing, change.before);
    return fmt::format("{}: {} → {}", thing, change.before, change.after);
}

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

std::string upgrade_markdown(const UpgradeResults& results) {
    std::string text =
        fmt::format("# Upgrade to {}: {}\n\n", markdown_plain(fmt::format("{}", fmt::join(results.to, " "))),
                    closing_line(results));
    text += headline(results) + rows_of(results);
    for (const auto& row : results.rows) text += reasons_of(row);
    for (const auto& skipped : results.skipped)
        text += fmt::format("Skipped: {} on {}: {}\n\n", markdown_plain(skipped.case_id),
                            markdown_plain(skipped.image), markdown_plain(skipped.because));
    for (const auto& image : results.images) text += changes_of(image);
    for (const auto& line : not_run(results)) text += line + "\n\n";
    if (results.interrupted) text += "The upgrade was interrupted: verdicts are missing here.\n\n";
    return text + accelerator_sentence(results.host) + "\n";
}

}  // namespace clamproof
