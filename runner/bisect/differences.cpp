#include "bisect/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "image/package_source.h"
#include "proof/inventory.h"
#include "support/confined.h"
#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

// What can be seen of a candidate in a guest.
struct Seen {
    std::map<std::string, std::string> packages;
    Inventory inventory;
    std::string policy;  ///< SELinux's, compressed, in base64; empty where the guest has none
};

Seen seen_in(const std::string& said) {
    constexpr std::string_view package = "package ";
    Seen seen;
    for (auto& [thing, value] : parse_inventory(said)) {
        if (thing == "policy")
            seen.policy = value;
        else if (thing.starts_with(package))
            seen.packages[thing.substr(package.size())] = value;
        else
            seen.inventory[thing] = value;
    }
    return seen;
}

std::optional<std::string> inspected_in_a_run(const BisectReport& report, std::size_t candidate) {
    for (const auto& run : report.bisection.runs)
        if (run.candidate == candidate && run.inspected) return run.inspected;
    return std::nullopt;
}

Job inspection_of(const BisectPlan& plan, const Candidate& candidate) {
    InspectGuest job{.image = candidate.image,
                     .script = inspection_script(plan.images.at(candidate.image).definition)};
    if (!candidate.packages.empty())
        job.layers = {{.packages = read_packages(candidate.files()), .keep = Keep::ForThisJob}};
    return job;
}

// @returns what the guest printed. @throws InfraError where it could not be looked at.
std::string inspected(const std::optional<JobResult>& result, const std::string& candidate) {
    const auto trouble = [&](const std::string& why) { return InfraError(candidate + ": " + why); };
    if (!result) throw InfraError("interrupted");
    return std::visit(overloaded{[](const ImageReady& ready) { return ready.inspected.value_or(""); },
                                 [&](const auto& other) -> std::string {
                                     if constexpr (requires { other.why; }) throw trouble(other.why);
                                     throw trouble("it was run, not looked at");
                                 }},
                      *result);
}

// In a run of the search, else now; side by side where there are workers for both.
std::vector<Seen> inspect_all(const std::vector<std::size_t>& candidates, const BisectPlan& plan,
                              const BisectReport& report, Dispatcher& dispatcher) {
    std::vector<std::optional<std::string>> known;
    std::vector<Job> jobs;
    for (const std::size_t candidate : candidates) {
        known.push_back(inspected_in_a_run(report, candidate));
        if (!known.back()) jobs.push_back(inspection_of(plan, report.candidates[candidate]));
    }
    const auto results = run_all(dispatcher, std::move(jobs), {});
    std::vector<Seen> seen;
    auto result = results.begin();
    for (std::size_t i = 0; i < candidates.size(); ++i)
        seen.push_back(
            seen_in(known[i] ? *known[i] : inspected(*result++, report.candidates[candidates[i]].name)));
    return seen;
}

// The guest is not trusted: no more is unpacked than any policy has.
std::string rules_of(const std::string& policy, const fs::path& folder) {
    write_file(folder / "packed", policy);
    run_checked("unpacking a security policy",
                {.argv = {"sh", "-c", "base64 -d <\"$1/packed\" | gzip -dc | head -c 67108864 >\"$1/policy\"",
                          "sh", folder.string()}});
    ProcessResult read = run_confined(
        {.argv = {"sesearch", "--allow"}, .deadline = 120, .capture_limit = std::size_t{256} << 20},
        folder / "policy");
    if (!read.ok())
        throw InfraError(fmt::format("reading a security policy: sesearch {}: {}", read.how_it_ended(),
                                     without_line_end(read.err)));
    return std::move(read.out);
}

// Two releases differ in thousands of rules: those about clamd's own domain go first.
std::vector<std::string> changed_rules(const std::string& before, const std::string& after,
                                       const std::string& domain) try {
    if (before == after) return {};
    const TempDir folder(fs::temp_directory_path(), "clamproof-policy-");
    auto rules = changed_lines(rules_of(before, folder.path()), rules_of(after, folder.path()));
    std::stable_partition(rules.begin(), rules.end(), [&](const std::string& rule) {
        return rule.find(fmt::format(" {} ", domain)) != std::string::npos;
    });
    return rules;
} catch (const InfraError& error) {
    return {fmt::format("the policy differs; by which rules cannot be told here: {}", error.what())};
}

// Of a context, "USER:ROLE:TYPE:LEVEL".
std::string domain_of(const ImageDefinition& image) {
    std::istringstream words(image.clamd.at("confinement"));
    std::string word;
    for (int field = 0; field < 3 && std::getline(words, word, ':');) ++field;
    return word;
}

const PackageFile* find(const std::vector<PackageFile>& packages, const std::string& name) {
    const auto found = std::find_if(packages.begin(), packages.end(),
                                    [&](const PackageFile& one) { return one.name == name; });
    return found == packages.end() ? nullptr : &*found;
}

// Of packages that both sides bring, and bring differently. Those that a command made are told by their
// files, which may be named by their version: one for one is the same package.
std::vector<std::string> contents_of(const ImageDefinition& image, const Candidate& before,
                                     const Candidate& after) {
    const bool one_for_one = before.packages.size() == 1 && after.packages.size() == 1;
    std::vector<std::string> lines;
    for (const auto& package : after.packages) {
        const PackageFile* former =
            one_for_one ? &before.packages.front() : find(before.packages, package.name);
        if (!former || sha256_file(former->file) == sha256_file(package.file)) continue;
        for (const auto& line : compare_packages(image, former->file, package.file))
            lines.push_back(fmt::format("{}: {}", package.name, line));
    }
    return lines;
}

}  // namespace

std::vector<std::string> changed_versions(const std::map<std::string, std::string>& before,
                                          const std::map<std::string, std::string>& after) {
    std::vector<std::string> lines;
    for (const auto& change : what_changed(package_inventory(before), package_inventory(after)))
        if (change.before.empty())
            lines.push_back(fmt::format("+ {} {}", change.name, change.after));
        else if (change.after.empty())
            lines.push_back(fmt::format("- {} {}", change.name, change.before));
        else
            lines.push_back(fmt::format("{} {} → {}", change.name, change.before, change.after));
    return lines;
}

std::vector<std::string> changed_lines(const std::string& before, const std::string& after) {
    const auto ordered = [](const std::string& text) {
        const auto lines = lines_of(text);
        return std::set<std::string>(lines.begin(), lines.end());
    };
    const auto one = ordered(before), other = ordered(after);
    std::vector<std::string> changed;
    for (const auto& line : one)
        if (!other.contains(line)) changed.push_back("- " + line);
    for (const auto& line : other)
        if (!one.contains(line)) changed.push_back("+ " + line);
    return changed;
}

// Lines of an inventory, as all that a guest says of itself.
std::string inspection_script(const ImageDefinition& image) {
    const std::string look = read_file(image.part("look.sh"));
    const std::string list = read_file(package_manager_script(image, "list.sh"));
    return fmt::format(
        "( {}\n)\n( {}\n) | sed 's/\\([^=]*\\)=/package \\1\t/'\n"
        "policy=/sys/fs/selinux/policy\n"
        "[ ! -r $policy ] || printf 'policy\\t%s\\n' \"$(gzip -nc $policy | base64 -w 0)\"\n",
        look, list);
}

Differences differences_between(const BisectPlan& plan, const BisectReport& report, Dispatcher& dispatcher) {
    const Candidate& good = report.last_good();
    const Candidate& bad = report.first_bad();
    Differences differences;
    const ImageDefinition& image = plan.images.at(bad.image).definition;
    differences.contents = contents_of(image, good, bad);
    try {
        const std::vector<std::size_t> sides = {report.bisection.result.last_good,
                                                report.bisection.result.first_bad};
        const auto seen = inspect_all(sides, plan, report, dispatcher);
        const Seen& before = seen[0];
        const Seen& after = seen[1];
        differences.packages = changed_versions(before.packages, after.packages);
        differences.guest = change_names(what_changed(before.inventory, after.inventory));
        differences.policy = changed_rules(before.policy, after.policy, domain_of(image));
    } catch (const InfraError& error) {  // the finding stands without it
        differences.guest = {fmt::format("the guests could not be compared: {}", error.what())};
    }
    return differences;
}

}  // namespace clamproof
