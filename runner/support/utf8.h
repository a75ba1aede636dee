/// UTF-8 of any origin: taken apart, cut between characters, measured, and made safe to show. Bytes that are
/// no text are never an error.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace clamproof {

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
