/// Words for people and for shells, errors that name what would have been right, and UTF-8 of any origin:
/// taken apart, cut between characters, measured, and made safe to show. Bytes that are no text are never an
/// error.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

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

/// What stands between separators, as far as it is not empty.
std::vector<std::string_view> split(std::string_view text, char separator);

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

/// Whether a name matches a shell pattern (`*`, `?`, `[…]`, as fnmatch(3)).
bool match_glob(const std::string& pattern, const std::string& name);

/// The names that match any of the patterns, in the order of the names; all of them where there is no
/// pattern.
/// @param what the kind of thing, e.g. "case", for the message
/// @throws InputError where a pattern matches nothing, naming what there is.
std::vector<std::string> select_by_globs(const std::vector<std::string>& patterns,
                                         const std::vector<std::string>& names, std::string_view what);

/// What stands at one place of a text: a character, or bytes that are none.
struct Character {
    std::optional<char32_t> code;
    std::size_t length;  ///< in bytes, at least 1
};
Character character_at(std::string_view text, std::size_t at);

/// Whether a byte is one of a character, but not its first.
bool continues_character(char byte);

/// The last place from which a character may begin, at or before a place.
std::size_t character_start_before(std::string_view text, std::size_t at);

/// How many columns a character takes on a terminal; of two possible answers the wider one.
std::size_t columns(const Character& character);
/// As many as all characters of a line take.
std::size_t columns(std::string_view line);

/// Text from a guest, safe to print on a terminal: newline and tab stay, every other control character, text
/// direction override and byte that is not UTF-8 becomes visible (`\x1b`, `\u202e`, `\xff`).
std::string terminal_text(std::string_view text);

/// Text from a guest, fit for JSON and XML: valid UTF-8 of characters that XML 1.0 allows. A broken sequence
/// becomes U+FFFD; newline, tab and carriage return stay, other control characters become visible (`\x1b`).
std::string document_text(std::string_view text);

/// Text of any origin as one line that a terminal shows as it is: line ends and tabs become spaces, control
/// characters harmless. Text beyond `limit` bytes is cut, and says so.
std::string one_line(std::string_view text, std::size_t limit = 500);

/// The text where it has at most `limit` bytes; else its beginning and its end, with a line between them that
/// says how many bytes were cut, together at most `limit` bytes. Never cuts within a character.
/// @param limit bytes, at least 100
std::string shortened(std::string_view text, std::size_t limit);

}  // namespace clamproof
