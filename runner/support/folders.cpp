#include "support/folders.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.h"

namespace clamproof {

void Folders::add(const fs::path& folder) {
    if (has(folder)) return;
    const fs::path plain = fs::absolute(folder).lexically_normal();
    list.push_back(plain.has_filename() ? plain : plain.parent_path());  // "cases/" has an empty file name
}

bool Folders::has(const fs::path& folder) const {
    return std::any_of(list.begin(), list.end(), [&](const fs::path& one) {
        std::error_code error;
        return one == folder || fs::equivalent(one, folder, error);
    });
}

Folders Folders::beginning_with(const fs::path& folder) const {
    Folders all(folder);
    std::copy_if(list.begin(), list.end(), std::back_inserter(all.list),
                 [&](const fs::path& one) { return one != folder; });
    return all;
}

fs::path Folders::find(const fs::path& name) const {
    for (const auto& folder : list) {
        fs::path path = (folder / name).lexically_normal();
        if (fs::exists(fs::symlink_status(path))) return path;
    }
    return list.empty() ? name : list.front() / name;
}

std::string Folders::text() const {
    std::string words;
    for (std::size_t i = 0; i < list.size(); ++i)
        words += (i == 0 ? "" : i + 1 == list.size() ? " and " : ", ") + list[i].string();
    return words;
}

std::map<std::string, fs::path> by_name(
    const Folders& folders, const std::string& what,
    const std::function<std::vector<std::string>(const fs::path&)>& names_in) {
    std::map<std::string, fs::path> all;
    for (const auto& folder : folders.list) {
        for (const auto& name : names_in(folder)) {
            const auto [other, is_new] = all.emplace(name, folder);
            if (!is_new)
                throw InputError(fmt::format(
                    "the {0} {1} is in {2} and in {3}: give one another name, or leave out what comes with "
                    "clamproof by --only-own",
                    what, name, other->second.string(), folder.string()));
        }
    }
    return all;
}

}  // namespace clamproof
