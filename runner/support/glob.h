/// Picking things by shell patterns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clamproof {

/// Whether a name matches a shell pattern (`*`, `?`, `[…]`, as fnmatch(3)).
bool match_glob(const std::string& pattern, const std::string& name);

/// The names that match any of the patterns, in the order of the names; all of them where there is no
/// pattern.
/// @param what the kind of thing, e.g. "case", for the message
/// @throws InputError where a pattern matches nothing, naming what there is.
std::vector<std::string> select_by_globs(const std::vector<std::string>& patterns,
                                         const std::vector<std::string>& names, std::string_view what);

}  // namespace clamproof
