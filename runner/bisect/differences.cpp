#include "bisect/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "image/package_source.h"
#include "proof/changes.h"
#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

// What can be seen of a candidate in a guest.
struct Seen {
    std::map<std::string, std::string> packages;
    Inventory inventory;
    std::string policy;   ///< SELinux's, compressed, in base64; empty where the guest has none
    std::string trouble;  ///< why nothing could be seen; else empty
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

// In a run of the search; empty where none has looked.
std::string seen_in_a_run(const BisectReport& report, std::size_t candidate) {
    for (const auto& run : report.bisection.runs)
        if (run.candidate == candidate && !run.look.empty()) return run.look;
    return "";
}

// Side by side where there are workers for both.
std::vector<Seen> look_at(const std::vector<std::size_t>& candidates, const BisectPlan& plan,
                          const BisectReport& report, WorkerPool& pool,
                          const std::function<bool()>& interrupted) {
    std::vector<Seen> seen;
    std::vector<std::pair<Job, std::size_t>> to_do;
    for (const std::size_t candidate : candidates) {
        const std::string known = seen_in_a_run(report, candidate);
        seen.push_back(seen_in(known));
        if (!known.empty()) continue;
        const Candidate& one = report.candidates[candidate];
        Job job{.image = one.image, .case_id = {}, .variant = {}, .evidence = {}};
        if (!one.packages.empty())
            job.stages = {{.packages = read_packages(one.files()), .keep = Keep::ForThisJob}};
        job.look = look_script(plan.images.at(one.image).definition);
        to_do.emplace_back(job, seen.size() - 1);
    }
    std::size_t begun = 0, ended = 0;
    while (ended < to_do.size()) {
        if (interrupted()) throw InfraError("interrupted");
        for (; begun < to_do.size() && pool.idle(); ++begun) pool.give(*pool.idle(), to_do[begun].first);
        for (const auto& done : pool.wait(0.1)) {
            if (!done.ends_job) continue;
            ++ended;
            for (const auto& [job, place] : to_do) {
                if (done.job != job) continue;
                if (done.event) seen[place] = seen_in(done.event->look);
                seen[place].trouble = done.event ? done.event->text : "the worker process died over it";
            }
        }
    }
    return seen;
}

// The guest is not trusted: no more is unpacked than any policy has.
std::string rules_of(const std::string& policy, const fs::path& folder) {
    write_file(folder / "packed", policy);
    run_checked("unpacking a security policy",
                {.argv = {"sh", "-c", "base64 -d <\"$1/packed\" | gzip -dc | head -c 67108864 >\"$1/policy\"",
                          "sh", folder.string()}});
    return run_checked("reading a security policy",
                       {.argv = {"sesearch", "--allow", (folder / "policy").string()},
                        .deadline = 120,
                        .capture_limit = std::size_t{256} << 20})
        .out;
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
    std::set<std::string> names;
    for (const auto& [name, version] : before) names.insert(name);
    for (const auto& [name, version] : after) names.insert(name);
    std::vector<std::string> lines;
    for (const auto& name : names) {
        const auto old_one = before.find(name), new_one = after.find(name);
        if (old_one == before.end())
            lines.push_back(fmt::format("+ {} {}", name, new_one->second));
        else if (new_one == after.end())
            lines.push_back(fmt::format("- {} {}", name, old_one->second));
        else if (old_one->second != new_one->second)
            lines.push_back(fmt::format("{} {} → {}", name, old_one->second, new_one->second));
    }
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
std::string look_script(const ImageDefinition& image) {
    const std::string look = read_file(image.folder / "look.sh");
    const std::string list = read_file(image.folder / "package-managers" / image.package_manager / "list.sh");
    return fmt::format(
        "( {}\n)\n( {}\n) | sed 's/\\([^=]*\\)=/package \\1\t/'\n"
        "policy=/sys/fs/selinux/policy\n"
        "[ ! -r $policy ] || printf 'policy\\t%s\\n' \"$(gzip -nc $policy | base64 -w 0)\"\n",
        look, list);
}

Differences differences_between(const BisectPlan& plan, const BisectReport& report, WorkerPool& pool,
                                const std::function<bool()>& interrupted) {
    const Candidate& good = report.last_good();
    const Candidate& bad = report.first_bad();
    Differences differences;
    const ImageDefinition& image = plan.images.at(bad.image).definition;
    differences.contents = contents_of(image, good, bad);
    try {
        const std::vector<std::size_t> sides = {report.bisection.result.last_good,
                                                report.bisection.result.first_bad};
        const auto seen = look_at(sides, plan, report, pool, interrupted);
        for (std::size_t side = 0; side < sides.size(); ++side)
            if (!seen[side].trouble.empty())
                throw InfraError(
                    fmt::format("{}: {}", report.candidates[sides[side]].name, seen[side].trouble));
        const Seen& before = seen[0];
        const Seen& after = seen[1];
        differences.packages = changed_versions(before.packages, after.packages);
        differences.guest = changes_between(before.inventory, after.inventory);
        differences.policy = changed_rules(before.policy, after.policy, domain_of(image));
    } catch (const InfraError& error) {  // the finding stands without it
        differences.guest = {fmt::format("the guests could not be compared: {}", error.what())};
    }
    return differences;
}

}  // namespace clamproof
