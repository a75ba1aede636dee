#include "support/glob.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>

#include "support/error.h"
#include "support/text.h"

namespace clamproof {

bool match_glob(const std::string& pattern, const std::string& name) {
    return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

std::vector<std::string> select_by_globs(const std::vector<std::string>& patterns,
                                         const std::vector<std::string>& names, std::string_view what) {
    if (patterns.empty()) return names;
    for (const std::string& pattern : patterns) {
        const bool found = std::any_of(names.begin(), names.end(),
                                       [&](const std::string& name) { return match_glob(pattern, name); });
        if (found) continue;
        std::string message = fmt::format("no {} matches \"{}\"; ", what, pattern);
        message += names.empty() ? "there are none" : fmt::format("there are: {}", fmt::join(names, ", "));
        if (const auto meant = closest(pattern, names))
            message += fmt::format(" (did you mean \"{}\"?)", *meant);
        throw InputError(message);
    }
    std::vector<std::string> selected;
    std::copy_if(names.begin(), names.end(), std::back_inserter(selected), [&](const std::string& name) {
        return std::any_of(patterns.begin(), patterns.end(),
                           [&](const std::string& pattern) { return match_glob(pattern, name); });
    });
    return selected;
}

}  // namespace clamproof
