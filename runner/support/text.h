/// Words for people and for shells, and errors that name what would have been right.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "support/utf8.h"

namespace clamproof {

/// Takes a prefix off a text; false where it has none.
bool take_prefix(std::string_view& text, std::string_view prefix);

/// The number that the whole of a text is, in decimal digits; none where it is something else or does not
/// fit.
template <typename T>
std::optional<T> number_from(std::string_view text) {
    T number{};
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

/// Without the line ends that it ends with.
std::string without_line_end(std::string text);

/// Its lines that are not empty, without their ends.
std::vector<std::string> lines_of(std::string_view text);

/// The candidate a person most likely meant by a mistyped word (case aside); none where nothing is close.
std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates);

/// `unknown key "fixs"; expected one of: id, fixes (did you mean "fixes"?)`, without the suggestion where
/// nothing is close.
/// @param what the kind of thing, e.g. "key"
std::string unknown_word(std::string_view what, std::string_view word, const std::vector<std::string>& known);

/// `text`, quoted for a POSIX shell.
std::string shell_quote(const std::string& text);

/// As shell_quote where a shell would not take it for one word as it is.
std::string shell_word(const std::string& text);

/// "1 cell", "2 cells".
std::string counted(std::size_t count, std::string_view noun);

}  // namespace clamproof
