#include "bisect/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/changes.h"
#include "guest/run_folder.h"
#include "image/installed.h"
#include "image/package_scripts.h"
#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr const char* policy_in_guest = "/sys/fs/selinux/policy";

// What can be seen of a candidate in a guest.
struct Seen {
    std::map<std::string, std::string> packages;
    Inventory inventory;
    std::string policy;  ///< empty where the guest has none
};

Seen look_at(const Candidate& candidate, const BisectPlan& plan, const Settings& settings, RunFolder& folder,
             Hypervisor& hypervisor) {
    const auto nobody = [](const auto&) {};
    const ImageStore store;
    const auto image = prepare_image(plan.images.at(candidate.image).built.definition, store, hypervisor,
                                     folder, settings.accelerator, {}, nobody);
    install_over(*image, {.packages = read_packages(candidate.files())}, store, nobody);
    const auto guest = image->fork(image->pristine());
    Seen seen{.packages = image->built().packages, .inventory = take_inventory(*guest), .policy = {}};
    if (guest->run({.text = fmt::format("test -r {}", policy_in_guest)}).exit == 0)
        seen.policy = get(*guest, policy_in_guest);
    return seen;
}

std::string rules_of(const std::string& policy, const fs::path& folder) {
    write_file(folder / "policy", policy);
    return run_checked("reading a security policy",
                       {.argv = {"sesearch", "--allow", (folder / "policy").string()},
                        .deadline = 120,
                        .capture_limit = std::size_t{256} << 20})
        .out;
}

std::vector<std::string> changed_rules(const std::string& before, const std::string& after) try {
    if (before == after) return {};
    const TempDir folder(fs::temp_directory_path(), "clamproof-policy-");
    return changed_lines(rules_of(before, folder.path()), rules_of(after, folder.path()));
} catch (const InfraError& error) {
    return {fmt::format("the policy differs; by which rules cannot be told here: {}", error.what())};
}

const PackageFile* find(const std::vector<PackageFile>& packages, const std::string& name) {
    const auto found = std::find_if(packages.begin(), packages.end(),
                                    [&](const PackageFile& one) { return one.name == name; });
    return found == packages.end() ? nullptr : &*found;
}

// Of packages that both sides bring, and bring differently.
std::vector<std::string> contents_of(const ImageDefinition& image, const Candidate& before,
                                     const Candidate& after) {
    std::vector<std::string> lines;
    for (const auto& package : after.packages) {
        const PackageFile* former = find(before.packages, package.name);
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

Differences differences_between(const BisectPlan& plan, const Settings& settings, const BisectReport& report,
                                const std::function<bool()>& interrupted) {
    const Candidate& good = report.last_good();
    const Candidate& bad = report.first_bad();
    Differences differences;
    differences.contents = contents_of(plan.images.at(bad.image).built.definition, good, bad);
    try {
        RunFolder folder;
        const std::jthread watch = end_guests_when(interrupted, folder);
        Hypervisor hypervisor(embedded_uri(folder.sockets()));
        const Seen before = look_at(good, plan, settings, folder, hypervisor);
        const Seen after = look_at(bad, plan, settings, folder, hypervisor);
        differences.packages = changed_versions(before.packages, after.packages);
        differences.guest = changes_between(before.inventory, after.inventory);
        differences.policy = changed_rules(before.policy, after.policy);
    } catch (const std::exception& error) {  // the finding stands without it
        differences.guest = {fmt::format("the guests could not be compared: {}", error.what())};
    }
    return differences;
}

}  // namespace clamproof
