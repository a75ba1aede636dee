/// All cases of some folders.
#pragma once

#include <string>
#include <vector>

#include "casefile/case.h"
#include "support/folders.h"

namespace clamproof {

/// Every case of some folders, sorted by id. Folders without a case.json are no cases.
/// @param told the facts that every guest tells of itself
/// @throws InputError at the first broken case, where a folder is missing or holds none, or where two folders
/// hold a case of one name.
std::vector<Case> load_cases(const Folders& folders, const std::vector<Fact>& told);

/// The shared vocabulary (lib.sh) of a case: that of its own folder of cases, else the first of the others.
/// @throws InputError where there is none.
std::string library_of(const Folders& folders, const Case& subject);

/// How recipes write that vocabulary out (plain.sh), found in the same way. Empty where there is none.
std::string plain_words_of(const Folders& folders, const Case& subject);

/// The cases whose id matches any of the shell patterns, all where there is none, in their order.
/// @throws InputError where a pattern matches no case, naming the ids.
std::vector<Case> select_cases(const std::vector<Case>& cases, const std::vector<std::string>& patterns);

}  // namespace clamproof
