#include "support/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <numeric>

#include "support/error.h"

namespace clamproof {
namespace {

/// Edits between two words: insertion, deletion, substitution, and the swap of two neighbours.
std::size_t edit_distance(const std::string& left, const std::string& right) {
    std::vector<std::size_t> before_last(right.size() + 1);
    std::vector<std::size_t> last(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(last.begin(), last.end(), 0U);
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t substitution = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitution});
            const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[right.size()];
}

}  // namespace

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates) {
    // A third of the letters may be wrong: "lsn" is lsm, but "foo" is not "init".
    std::size_t nearest = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::optional<std::string> found;
    for (const std::string& candidate : candidates) {
        const std::size_t distance =
            edit_distance(boost::to_lower_copy(std::string(word)), boost::to_lower_copy(candidate));
        if (distance < nearest && distance < candidate.size()) {
            nearest = distance;
            found = candidate;
        }
    }
    return found;
}

std::string unknown_word(std::string_view what, std::string_view word,
                         const std::vector<std::string>& known) {
    std::string message = fmt::format("unknown {} \"{}\"", what, word);
    if (known.empty()) return message + "; there are none";
    message += fmt::format("; expected one of: {}", fmt::join(known, ", "));
    if (const auto meant = closest(word, known)) message += fmt::format(" (did you mean \"{}\"?)", *meant);
    return message;
}

std::string shell_quote(const std::string& text) {
    return "'" + boost::replace_all_copy(text, "'", "'\\''") + "'";
}

std::string shell_word(const std::string& text) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-";
    const bool is_plain = !text.empty() && text.find_first_not_of(plain) == std::string::npos;
    return is_plain ? text : shell_quote(text);
}

std::string without_line_end(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(separator));
        if (!part.empty()) parts.push_back(part);
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return parts;
}

std::vector<std::string> lines_of(std::string_view text) {
    const auto lines = split(text, '\n');
    return {lines.begin(), lines.end()};
}

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

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
