/// Words for people: guest text made safe to show, and errors that name what would have been right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clamproof {

/// Text from a guest, safe to print on a terminal: newline and tab stay, every other control character, text
/// direction override and byte that is not UTF-8 becomes visible (`\x1b`, `\u202e`, `\xff`).
std::string terminal_text(std::string_view text);

/// Text from a guest, fit for JSON and XML: valid UTF-8 of characters that XML 1.0 allows. A broken sequence
/// becomes U+FFFD; newline, tab and carriage return stay, other control characters become visible (`\x1b`).
std::string document_text(std::string_view text);

/// Takes a prefix off a text; false where it has none.
bool take_prefix(std::string_view& text, std::string_view prefix);

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
