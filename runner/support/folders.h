/// Folders that are looked in together: what comes with clamproof, then what a site has added.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/files.h"

namespace clamproof {

struct Folders {
    std::vector<fs::path> list;  ///< in the order in which they are looked in

    Folders() = default;
    Folders(fs::path one) : list{std::move(one)} {}  // one folder is such a list

    /// Adds a folder, as an absolute path, unless it is there already, by whatever name.
    void add(const fs::path& folder);
    bool has(const fs::path& folder) const;
    /// The same folders, but this one is looked in first.
    Folders beginning_with(const fs::path& folder) const;

    /// The file or folder of that name in the first folder that has it; where none has, as the first would.
    fs::path find(const fs::path& name) const;

    /// "A", "A, B and C": for messages.
    std::string text() const;
};

/// What the folders hold, by name.
/// @param what they are, for the message: "case" @param names_in tells what one folder holds
/// @returns of each name its folder. @throws InputError where two folders hold one of a name, naming both.
std::map<std::string, fs::path> by_name(
    const Folders& folders, const std::string& what,
    const std::function<std::vector<std::string>(const fs::path&)>& names_in);

}  // namespace clamproof
