#include "results/upgrade_results.h"

#include <algorithm>

#include "results/json_parts.h"

namespace clamproof {
namespace {

JsonOut json_of(const UpgradePackage& package) {
    return {{"name", json_text(package.name)},
            {"version", json_text(package.version)},
            {"file", json_text(package.file)}};
}

JsonOut json_of(const GuestChange& change) {
    return {{"kind", json_text(change.kind)},
            {"name", json_text(change.name)},
            {"before", json_text(change.before)},
            {"after", json_text(change.after)}};
}

JsonOut json_of(const UpgradedImage& image) {
    return {{"name", json_text(image.name)},
            {"state", to_string(image.state)},
            {"digest", json_text(image.digest)},
            {"from", json_list(image.from, json_of)},
            {"to", json_list(image.to, json_of)},
            {"not_installable", json_text(image.not_installable)},
            {"not_taken", json_texts(not_taken(image))},
            {"changes", json_list(image.changes, json_of)},
            {"facts_before", json_texts(image.facts_before)},
            {"facts_after", json_texts(image.facts_after)}};
}

JsonOut json_of(const FixOutcome& fix) {
    return {{"fix", json_text(fix.fix)}, {"fate", to_string(fix.fate)}, {"why", json_text(fix.why)}};
}

JsonOut side(const CellResult& cell, bool whole) {
    return {{"verdict", to_string(cell.verdict)},
            {"whole", whole},
            {"because", json_text(cell.because)},
            {"silent_misses", comparable_silent_misses(cell)},
            {"seconds", json_seconds(cell.seconds)}};
}

JsonOut json_of(const UpgradeRow& row) {
    return {{"image", json_text(row.image)},
            {"state", to_string(row.state)},
            {"case", json_text(row.case_id)},
            {"variant", json_texts(row.variant)},
            {"change", to_string(row.judgement.change)},
            {"because", json_texts(row.judgement.because)},
            {"before", side(row.before, row.before_is_whole)},
            {"after", side(row.after, true)},
            {"fixes", json_list(row.fixes, json_of)}};
}

JsonOut json_of(const SkippedCase& skipped) {
    return {{"image", json_text(skipped.image)},
            {"case", json_text(skipped.case_id)},
            {"because", json_text(skipped.because)}};
}

}  // namespace

std::string_view to_string(Change change) {
    constexpr std::string_view names[] = {"unchanged", "repaired", "regressed", "inconclusive"};
    return names[static_cast<std::size_t>(change)];
}

std::string_view to_string(Before state) {
    return state == Before::AsShipped ? "as-shipped" : "lived-in";
}

std::vector<std::string> not_taken(const UpgradedImage& image) {
    std::vector<std::string> files;
    for (const auto& change : image.changes)
        if (change.kind == "not-taken" && !change.after.empty()) files.push_back(change.name);
    return files;
}

int comparable_silent_misses(const CellResult& cell) {
    int misses = 0;
    for (const auto& arm : cell.arms)
        if (arm.id == ArmId::healthy() || arm.id == ArmId::failing())
            misses += static_cast<int>(std::count_if(arm.scans.begin(), arm.scans.end(),
                                                     [](const Scan& scan) { return scan.silent_miss(); }));
    return misses;
}

std::vector<std::string> not_run(const UpgradeResults& results) {
    std::vector<std::string> sentences;
    if (std::any_of(results.rows.begin(), results.rows.end(),
                    [](const UpgradeRow& row) { return row.before.verdict == Verdict::Reproduced; }))
        sentences.push_back(
            "Before the upgrade a case that is \"reproduced\" was run until its documented failure was seen; "
            "that its fixes cure there is known of those that were then upgraded, and its control was not "
            "run.");
    if (std::any_of(results.rows.begin(), results.rows.end(), [](const UpgradeRow& row) {
            return std::any_of(row.fixes.begin(), row.fixes.end(),
                               [](const FixOutcome& fix) { return fix.fate == Fate::NotTried; });
        }))
        sentences.push_back(
            "Fixes marked \"not-tried\" were not carried over the upgrade, for the reason beside them.");
    return sentences;
}

std::string upgrade_json(const UpgradeResults& results) {
    const JsonOut json = {{"version", upgrade_version},
                          {"started", json_text(results.started)},
                          {"seconds", json_seconds(results.seconds)},
                          {"interrupted", results.interrupted},
                          {"accelerator", json_text(results.host.accelerator)},
                          {"from", json_texts(results.from)},
                          {"to", json_texts(results.to)},
                          {"images", json_list(results.images, json_of)},
                          {"rows", json_list(results.rows, json_of)},
                          {"skipped", json_list(results.skipped, json_of)},
                          {"not_run", json_texts(not_run(results))}};
    return json.dump(1) + "\n";
}

}  // namespace clamproof
