#include "reports/bisect_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/bisect_words.h"
#include "results/cell_json.h"

namespace clamproof {
namespace {

constexpr int bisect_version = 2;

JsonOut json_of(const std::optional<Verdict>& verdict) {
    return verdict ? JsonOut(to_string(*verdict)) : JsonOut();
}

std::string_view word(Side side) {
    return side == Side::Good ? "good" : side == Side::Bad ? "bad" : "unknown";
}

JsonOut json_of(const PackageFile& package) {
    return {{"file", json_text(package.file.filename().string())},
            {"name", json_text(package.name)},
            {"version", json_text(package.version)}};
}

JsonOut json_of(const Candidate& candidate) {
    JsonOut packages = JsonOut::array();
    for (const auto& package : candidate.packages) packages.push_back(json_of(package));
    return {{"name", json_text(candidate.name)},
            {"same", json_texts(candidate.same)},
            {"image", json_text(candidate.image)},
            {"packages", std::move(packages)}};
}

JsonOut json_of(const BisectRun& run) {
    return {{"candidate", run.candidate},
            {"cached", run.cached},
            {"side", word(run.side)},
            {"cell", json_of(run.cell)}};
}

JsonOut json_of(const SearchResult& result) {
    return {{"last_good", result.last_good},
            {"first_bad", result.first_bad},
            {"probability", result.probability},
            {"settled", result.settled}};
}

JsonOut json_of(const Differences& differences) {
    return {{"packages", json_texts(differences.packages)},
            {"contents", json_texts(differences.contents)},
            {"guest", json_texts(differences.guest)},
            {"policy", json_texts(differences.policy)}};
}

template <typename T>
std::string lines_of(const std::vector<T>& items) {
    std::string text;
    for (const auto& item : items) text += (text.empty() ? "\n  " : ",\n  ") + json_line(json_of(item));
    return text.empty() ? "[]" : "[" + text + "\n]";
}

}  // namespace

std::string to_json(const BisectReport& report) {
    const Bisection& bisection = report.bisection;
    const JsonOut head = {{"version", bisect_version},
                          {"started", json_text(report.started)},
                          {"seconds", json_seconds(report.seconds)},
                          {"interrupted", bisection.interrupted},
                          {"case", json_text(report.case_id)},
                          {"variant", json_texts(report.variant)},
                          {"good", json_of(report.ends.good)},
                          {"bad", json_of(report.ends.bad)},
                          {"confidence", report.confidence},
                          {"conclusion", json_text(conclusion(report))},
                          {"change", report.found() ? json_of(bisection.result) : JsonOut()},
                          {"runs_until_found", bisection.runs_until_found},
                          {"left_out", bisection.left_out},
                          {"differences", json_of(report.differences)}};
    std::string text = json_line(head);
    text.pop_back();
    return fmt::format("{},\n\"candidates\": {},\n\"runs\": {}}}\n", text, lines_of(report.candidates),
                       lines_of(bisection.runs));
}

}  // namespace clamproof
