#include <nlohmann/json.hpp>

#include "reports/upgrade_reports.h"
#include "results/json_parts.h"

namespace clamproof {
namespace {

template <typename T>
JsonOut list_of(const std::vector<T>& items, JsonOut (*of)(const T&)) {
    JsonOut list = JsonOut::array();
    for (const T& item : items) list.push_back(of(item));
    return list;
}

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
            {"from", list_of(image.from, json_of)},
            {"to", list_of(image.to, json_of)},
            {"not_installable", json_text(image.not_installable)},
            {"not_taken", json_texts(not_taken(image))},
            {"changes", list_of(image.changes, json_of)}};
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
            {"fixes", list_of(row.fixes, json_of)}};
}

JsonOut json_of(const SkippedCase& skipped) {
    return {{"image", json_text(skipped.image)},
            {"case", json_text(skipped.case_id)},
            {"because", json_text(skipped.because)}};
}

}  // namespace

std::string upgrade_json(const UpgradeResults& results) {
    const JsonOut json = {{"version", 2},
                          {"started", json_text(results.started)},
                          {"seconds", json_seconds(results.seconds)},
                          {"interrupted", results.interrupted},
                          {"accelerator", json_text(results.host.accelerator)},
                          {"from", json_texts(results.from)},
                          {"to", json_texts(results.to)},
                          {"images", list_of(results.images, json_of)},
                          {"rows", list_of(results.rows, json_of)},
                          {"skipped", list_of(results.skipped, json_of)},
                          {"not_run", json_texts(not_run(results))}};
    return json.dump(1) + "\n";
}

}  // namespace clamproof
