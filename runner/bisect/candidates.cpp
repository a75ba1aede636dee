#include "bisect/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = text.find(at);
        if (end != 0 && !text.empty()) parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

constexpr unsigned most_revisions = 100'000;

// What lies in a folder, by name.
struct Listing {
    std::vector<fs::path> folders, files;
};
Listing list(const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
        throw InputError(fmt::format("there is no folder {} with candidates in it", folder.string()));
    Listing listing;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with('.')) continue;
        (entry.is_directory() ? listing.folders : listing.files).push_back(entry.path());
    }
    std::sort(listing.folders.begin(), listing.folders.end());
    std::sort(listing.files.begin(), listing.files.end());
    return listing;
}

InputError no_packages_in(const fs::path& folder) {
    return InputError(
        fmt::format("the folder {} holds no package files and no folders of them", folder.string()));
}

// The package by whose version sets are put in order: the first, by name, that all have and not all have
// alike. None where there is no such.
std::optional<std::string> telling_package(const std::vector<Candidate>& candidates) {
    std::map<std::string, std::set<std::string>> versions;
    std::map<std::string, std::size_t> owners;
    for (const auto& candidate : candidates)
        for (const auto& package : candidate.packages) {
            versions[package.name].insert(package.version);
            ++owners[package.name];
        }
    for (const auto& [name, different] : versions)
        if (owners[name] == candidates.size() && different.size() > 1) return name;
    return std::nullopt;
}

std::string version_of(const Candidate& candidate, const std::string& package) {
    for (const auto& one : candidate.packages)
        if (one.name == package) return one.version;
    return "";
}

void sort_by_version(std::vector<Candidate>& candidates, const PackageReader& reader) {
    const auto telling = telling_package(candidates);
    if (!telling) return;
    std::vector<std::string> versions;
    for (const auto& candidate : candidates) versions.push_back(version_of(candidate, *telling));
    std::map<std::string, std::size_t> rank;
    for (const auto& version : reader.in_order(versions)) rank.emplace(version, rank.size());
    std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& one, const Candidate& other) {
        return rank[version_of(one, *telling)] < rank[version_of(other, *telling)];
    });
}

std::vector<Candidate> of_folder(const fs::path& folder, const std::string& image,
                                 const PackageReader& reader) {
    const Listing listing = list(folder);
    if (listing.folders.empty() && listing.files.empty()) throw no_packages_in(folder);
    std::vector<Candidate> candidates;
    for (const auto& each : listing.folders.empty() ? listing.files : listing.folders)
        candidates.push_back(
            {.name = each.filename().string(), .image = image, .packages = reader.get(each.string())});
    sort_by_version(candidates, reader);
    return candidates;
}

std::vector<Candidate> of_set(const fs::path& folder, const std::string& image, const PackageReader& reader) {
    const Listing listing = list(folder);
    if (listing.files.empty()) throw no_packages_in(folder);
    std::vector<Candidate> candidates = {{.name = "none", .image = image}};
    for (const auto& file : listing.files) {
        Candidate next = candidates.back();
        const auto described = reader.get(file.string());
        next.packages.insert(next.packages.end(), described.begin(), described.end());
        next.name = described.front().name;
        candidates.push_back(std::move(next));
    }
    return candidates;
}

std::vector<Candidate> of_images(const std::vector<std::string>& names) {
    std::vector<Candidate> candidates;
    for (const auto& name : names) candidates.push_back({.name = name, .image = name});
    return candidates;
}

std::vector<Candidate> of_words(const std::vector<std::string>& words, const std::string& image,
                                const PackageReader& reader) {
    std::vector<Candidate> candidates;
    for (const auto& word : words)
        candidates.push_back({.name = word, .image = image, .packages = reader.get(word)});
    return candidates;
}

std::vector<Candidate> of_command(std::string_view words, const std::string& image) {
    const auto refusal = [&] {
        return InputError(
            fmt::format("make:{} is not make:FIRST-LAST:COMMAND with numbers of revisions", words));
    };
    const std::size_t dash = words.find('-'), colon = words.find(':');
    if (colon == std::string_view::npos || dash > colon || colon + 1 == words.size()) throw refusal();
    const auto first = number_from<unsigned>(words.substr(0, dash)),
               last = number_from<unsigned>(words.substr(dash + 1, colon - dash - 1));
    if (!first || !last || *first > *last || *last - *first > most_revisions) throw refusal();
    std::vector<Candidate> candidates;
    for (unsigned revision = *first; revision <= *last; ++revision)
        candidates.push_back({.name = std::to_string(revision),
                              .image = image,
                              .command = std::string(words.substr(colon + 1))});
    return candidates;
}

// By what the files hold, whatever they are called.
std::vector<std::string> content_of(const Candidate& candidate) {
    std::vector<std::string> content;
    for (const auto& package : candidate.packages) content.push_back(sha256_file(package.file));
    std::sort(content.begin(), content.end());
    content.push_back(candidate.image);
    if (!candidate.command.empty()) content.push_back(candidate.name);
    return content;
}

std::vector<Candidate> without_repetitions(const std::vector<Candidate>& candidates) {
    std::vector<Candidate> different;
    std::vector<std::string> former;
    for (const auto& candidate : candidates) {
        auto content = content_of(candidate);
        if (!different.empty() && content == former) {
            different.back().same.push_back(candidate.name);
        } else {
            different.push_back(candidate);
        }
        former = std::move(content);
    }
    return different;
}

bool is_called(const Candidate& candidate, const std::string& word) {
    return candidate.name == word ||
           std::find(candidate.same.begin(), candidate.same.end(), word) != candidate.same.end();
}

bool has_version(const Candidate& candidate, const std::string& word) {
    return std::any_of(candidate.packages.begin(), candidate.packages.end(),
                       [&](const PackageFile& package) { return package.version == word; });
}

std::size_t position_of(const std::vector<Candidate>& candidates, const std::string& word) {
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (is_called(candidates[i], word)) return i;
    const auto count = std::count_if(candidates.begin(), candidates.end(),
                                     [&](const Candidate& one) { return has_version(one, word); });
    if (count == 1)
        return static_cast<std::size_t>(
            std::find_if(candidates.begin(), candidates.end(),
                         [&](const Candidate& one) { return has_version(one, word); }) -
            candidates.begin());
    std::vector<std::string> names;
    for (const auto& candidate : candidates) names.push_back(candidate.name);
    throw InputError(unknown_word("candidate", word, names));
}

}  // namespace

std::vector<std::string> Candidate::files() const {
    std::vector<std::string> all;
    for (const auto& package : packages) all.push_back(fs::absolute(package.file).string());
    return all;
}

std::vector<std::string> named_images(const std::string& words) {
    std::string_view rest = words;
    return take_prefix(rest, "image:") ? split(rest, ',') : std::vector<std::string>{};
}

std::vector<Candidate> read_candidates(const std::string& words, const std::string& image,
                                       const PackageReader& reader) {
    std::string_view rest = words;
    const auto all = rest.starts_with("image:")       ? of_images(named_images(words))
                     : take_prefix(rest, "packages:") ? of_words(split(rest, ','), image, reader)
                     : take_prefix(rest, "make:")     ? of_command(rest, image)
                     : take_prefix(rest, "set:")      ? of_set(rest, image, reader)
                                                      : of_folder(words, image, reader);
    auto candidates = without_repetitions(all);
    if (candidates.size() < 2)
        throw InputError(fmt::format("{} {}: there is nothing between which a change could be", words,
                                     all.size() < 2 ? "is one candidate" : "are all the very same"));
    return candidates;
}

std::vector<Candidate> between(const std::vector<Candidate>& candidates, const std::string& from,
                               const std::string& to) {
    const std::size_t good = from.empty() ? 0 : position_of(candidates, from);
    const std::size_t bad = to.empty() ? candidates.size() - 1 : position_of(candidates, to);
    if (good == bad)
        throw InputError(
            fmt::format("the good end and the bad end are the same candidate, {}", candidates[good].name));
    if (good < bad)
        return {candidates.begin() + static_cast<long>(good),
                candidates.begin() + static_cast<long>(bad) + 1};
    std::vector<Candidate> backwards(candidates.begin() + static_cast<long>(bad),
                                     candidates.begin() + static_cast<long>(good) + 1);
    std::reverse(backwards.begin(), backwards.end());
    for (auto& candidate : backwards) {
        candidate.same.insert(candidate.same.begin(), candidate.name);
        candidate.name = candidate.same.back();
        candidate.same.pop_back();
        std::reverse(candidate.same.begin(), candidate.same.end());
    }
    return backwards;
}

}  // namespace clamproof
