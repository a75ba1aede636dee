#include "reports/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::string key_of(const CellResult& cell) {
    return cell.id().text();
}

// "a, b and 3 more"
std::string some_of(const std::vector<std::string>& names) {
    constexpr std::size_t shown = 5;
    std::vector<std::string> first(
        names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(shown, names.size())));
    for (auto& name : first) name = terminal_text(name);
    std::string text = fmt::format("{}", fmt::join(first, ", "));
    if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
    return text;
}

void check_shards(const std::vector<Part>& parts) {
    std::map<int, std::string> seen;
    int of = 0;
    for (const Part& part : parts) {
        if (part.run.interrupted)
            throw InputError(
                fmt::format("{} was interrupted, so cells are missing; run it again", part.name));
        if (!part.run.shard) continue;
        if (of != 0 && of != part.run.shard->of)
            throw InputError(
                fmt::format("{} is one of {} shards, those before it are of {}: they are not of one run",
                            part.name, part.run.shard->of, of));
        of = part.run.shard->of;
        const auto [other, is_new] = seen.emplace(part.run.shard->number, part.name);
        if (!is_new)
            throw InputError(fmt::format("{} and {} are both shard {} of {}", other->second, part.name,
                                         part.run.shard->number, of));
    }
    std::vector<std::string> missing;
    for (int number = 1; number <= of; ++number)
        if (!seen.contains(number)) missing.push_back(std::to_string(number));
    if (!missing.empty())
        throw InputError(fmt::format("{} {} of {} {} missing", missing.size() == 1 ? "shard" : "shards",
                                     some_of(missing), of, missing.size() == 1 ? "is" : "are"));
}

void check_cells(const std::vector<Part>& parts, const std::vector<std::string>& declared) {
    std::map<std::string, std::vector<std::string>> where;
    for (const auto& key : declared) where[key];
    std::vector<std::string> nowhere, undeclared;
    for (const Part& part : parts)
        for (const auto& cell : part.run.results) {
            const auto found = where.find(key_of(cell));
            if (found == where.end())
                undeclared.push_back(key_of(cell));
            else
                found->second.push_back(part.name);
        }
    for (const auto& key : declared) {
        const auto& names = where[key];
        if (names.empty()) nowhere.push_back(key);
        if (names.size() > 1)
            throw InputError(
                fmt::format("{} ran in {} and in {}; the shards were not made from the same plan and "
                            "durations",
                            terminal_text(key), names[0], names[1]));
    }
    if (!nowhere.empty())
        throw InputError(fmt::format(
            "{} ran nowhere: {}; give report the images, cases and filters that the shards were given, "
            "and make all shards from the same plan and durations",
            counted(nowhere.size(), "cell"), some_of(nowhere)));
    if (!undeclared.empty())
        throw InputError(
            fmt::format("{} ran that nobody asked for: {}; give report the images, cases and filters "
                        "that the shards were given",
                        counted(undeclared.size(), "cell"), some_of(undeclared)));
}

void add_images(RunResults& all, const Part& part) {
    for (const auto& image : part.run.images) {
        const auto known = std::find_if(all.images.begin(), all.images.end(),
                                        [&](const ImageInfo& one) { return one.name == image.name; });
        if (known == all.images.end()) {
            all.images.push_back(image);
        } else if (known->digest != image.digest) {
            throw InputError(
                fmt::format("{} ran another image {} (digest {}) than those before it ({}); verdicts on "
                            "different guests make no one run",
                            part.name, terminal_text(image.name), terminal_text(image.digest),
                            terminal_text(known->digest)));
        }
    }
}

void add_cases(RunResults& all, const RunResults& run) {
    for (const auto& info : run.cases)
        if (std::none_of(all.cases.begin(), all.cases.end(),
                         [&](const CaseInfo& one) { return one.id == info.id; }))
            all.cases.push_back(info);
}

bool ran_vms(const HostInfo& host) {
    return !host.accelerator.empty() && host.accelerator != "none";
}

void add_host(RunResults& all, const RunResults& run) {
    if (all.host.containers.empty() && !run.host.containers.empty()) {
        all.host.containers = run.host.containers;
        all.host.cpu = run.host.cpu;
        all.host.cores = run.host.cores;
    }
    if (!ran_vms(run.host)) return;
    if (!ran_vms(all.host)) {
        const std::string containers = all.host.containers;
        all.host = run.host;
        all.host.containers = containers;
    } else if (all.host.accelerator != run.host.accelerator) {
        all.host.why = fmt::format("some shards ran on {}, some on {} ({})", all.host.accelerator,
                                   run.host.accelerator, all.host.why.empty() ? run.host.why : all.host.why);
        all.host.accelerator = "tcg";  // what is claimed is the weaker
        all.host.scale = std::max(all.host.scale, run.host.scale);
    }
}

}  // namespace

RunResults merge(const std::vector<Part>& parts, const std::vector<std::string>& declared) {
    check_shards(parts);
    check_cells(parts, declared);
    RunResults all;
    std::set<std::string> versions;
    all.host.accelerator = "none";
    int workers = 0;
    for (const Part& part : parts) {
        versions.insert(part.run.clamproof);
        if (all.started.empty() || part.run.started < all.started) all.started = part.run.started;
        all.seconds = std::max(all.seconds, part.run.seconds);
        add_host(all, part.run);
        add_images(all, part);
        add_cases(all, part.run);
        int most = 0;
        for (CellResult cell : part.run.results) {
            most = std::max(most, cell.worker);
            if (cell.worker > 0) cell.worker += workers;
            all.results.push_back(std::move(cell));
        }
        workers += most;
    }
    all.clamproof = fmt::format("{}", fmt::join(versions, ", "));
    std::map<std::string, std::size_t> place;
    for (const auto& key : declared) place.emplace(key, place.size());
    std::stable_sort(all.results.begin(), all.results.end(),
                     [&](const CellResult& left, const CellResult& right) {
                         return place[key_of(left)] < place[key_of(right)];
                     });
    std::sort(all.images.begin(), all.images.end(),
              [](const ImageInfo& left, const ImageInfo& right) { return left.name < right.name; });
    std::sort(all.cases.begin(), all.cases.end(),
              [](const CaseInfo& left, const CaseInfo& right) { return left.id < right.id; });
    return all;
}

}  // namespace clamproof
