#include "results/bisect_results.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "results/results_json.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::string packages_of(const Candidate& candidate) {
    std::vector<std::string> all;
    for (const auto& package : candidate.packages)
        all.push_back(package.version.empty() ? package.name : package.name + " " + package.version);
    if (all.empty()) return "";
    const std::string last = all.back();
    return all.size() > 3 ? fmt::format(" ({} packages, the last {})", all.size(), last)
                          : fmt::format(" ({})", fmt::join(all, ", "));
}

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
    return {{"name", json_text(candidate.name)},
            {"same", json_texts(candidate.same)},
            {"image", json_text(candidate.image)},
            {"packages", json_list(candidate.packages, json_of)}};
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
std::string json_lines(const std::vector<T>& items) {
    std::string text;
    for (const auto& item : items) text += (text.empty() ? "\n  " : ",\n  ") + json_line(json_of(item));
    return text.empty() ? "[]" : "[" + text + "\n]";
}

}  // namespace

std::vector<std::string> Candidate::files() const {
    std::vector<std::string> all;
    for (const auto& package : packages) all.push_back(std::filesystem::absolute(package.file).string());
    return all;
}

const BisectRun* Bisection::run_of(std::size_t candidate) const {
    const BisectRun* found = nullptr;
    for (const BisectRun& run : runs)
        if (run.candidate == candidate &&
            (!found || run.side != Side::Unknown || found->side == Side::Unknown))
            found = &run;
    return found;
}

std::size_t Bisection::cached() const {
    return static_cast<std::size_t>(
        std::count_if(runs.begin(), runs.end(), [](const BisectRun& run) { return run.cached; }));
}

std::string conclusion(const BisectReport& report) {
    const SearchResult& result = report.bisection.result;
    if (!report.found()) return "interrupted: the same command goes on where it was";
    const std::string good = one_line(report.last_good().last_name());
    const std::string bad = one_line(report.first_bad().name);
    if (!result.settled)
        return fmt::format("the change is between {} and {}: runs disagree too much to come closer", good,
                           bad);
    if (result.first_bad - result.last_good > 1)
        return fmt::format(
            "the change is between {} and {}, undecidable because {} between them cannot be told", good, bad,
            counted(result.first_bad - result.last_good - 1, "candidate"));
    return fmt::format("culprit: {}{}; last good {}, first bad {}", bad,
                       one_line(packages_of(report.first_bad())), good, bad);
}

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
    return fmt::format("{},\n\"candidates\": {},\n\"runs\": {}}}\n", text, json_lines(report.candidates),
                       json_lines(bisection.runs));
}

}  // namespace clamproof
