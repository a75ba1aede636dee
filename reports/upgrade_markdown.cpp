#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/markdown_text.h"
#include "reports/summary.h"
#include "reports/upgrade_reports.h"

namespace clamproof {
namespace {

std::string_view sign(Change change) {
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
        text += fmt::format("| {} {} | {} | {} | {} | {} | {} | {} | {} |\n", sign(row.judgement.change),
                            to_string(row.judgement.change), markdown_plain(row.image), to_string(row.state),
                            markdown_plain(row.case_id), markdown_plain(variant_name(row.variant)),
                            to_string(row.before.verdict), to_string(row.after.verdict), fixes_of(row));
    return text + "\n";
}

std::string reasons_of(const UpgradeRow& row) {
    if (row.judgement.change == Change::Unchanged) return "";
    std::string text = fmt::format("### {} {}: {} on {}, {}\n\n", sign(row.judgement.change),
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
