/// All cases of a folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "casefile/case.h"

namespace clamproof {

/// Every case of a folder, sorted by id. Folders without a case.json are no cases.
/// @param told the facts that every guest tells of itself
/// @throws InputError at the first broken case, or where the folder is missing or holds none.
std::vector<Case> load_cases(const std::filesystem::path& folder, const std::vector<Fact>& told);

/// The cases whose id matches any of the shell patterns, all where there is none, in their order.
/// @throws InputError where a pattern matches no case, naming the ids.
std::vector<Case> select_cases(const std::vector<Case>& cases, const std::vector<std::string>& patterns);

}  // namespace clamproof
