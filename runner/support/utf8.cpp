#include "support/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace clamproof {
namespace {

/// The bytes a UTF-8 sequence may have after its first one; the first of them is bounded more narrowly, which
/// rules out overlong forms, surrogates and everything above U+10FFFF.
struct Sequence {
    int continuation;
    unsigned char first_low;
    unsigned char first_high;
};

std::optional<Sequence> sequence_of(unsigned char lead) {
    if (lead >= 0xc2 && lead <= 0xdf) return Sequence{1, 0x80, 0xbf};
    if (lead == 0xe0) return Sequence{2, 0xa0, 0xbf};
    if (lead == 0xed) return Sequence{2, 0x80, 0x9f};
    if (lead >= 0xe1 && lead <= 0xef) return Sequence{2, 0x80, 0xbf};
    if (lead == 0xf0) return Sequence{3, 0x90, 0xbf};
    if (lead >= 0xf1 && lead <= 0xf3) return Sequence{3, 0x80, 0xbf};
    if (lead == 0xf4) return Sequence{3, 0x80, 0x8f};
    return std::nullopt;
}

bool is_control(char32_t character) {
    return character < 0x20 || (character >= 0x7f && character <= 0x9f);
}

/// Characters that reorder or break the text around them: a name could be made to read as another one.
bool is_layout(char32_t character) {
    return character == 0x061c || character == 0x200e || character == 0x200f || character == 0xfeff ||
           (character >= 0x2028 && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069);
}

std::string visible(char32_t character) {
    const auto code = static_cast<std::uint32_t>(character);
    return code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
}

std::string visible_bytes(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) text += visible(static_cast<unsigned char>(byte));
    return text;
}

/// @param keeps whether a character stays as it is @param broken what bytes that are no text become
template <typename Keeps>
std::string escaped(std::string_view text, Keeps keeps, std::string (*broken)(std::string_view)) {
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, length] = character_at(text, at);
        const std::string_view bytes = text.substr(at, length);
        at += length;
        if (!code)
            safe += broken(bytes);
        else if (keeps(*code))
            safe += bytes;
        else
            safe += visible(*code);
    }
    return safe;
}

constexpr int longest_tail = 3;  // a character has at most three bytes after its first

std::size_t character_start_after(std::string_view text, std::size_t at) {
    for (int i = 0; i < longest_tail && at < text.size() && continues_character(text[at]); ++i) ++at;
    return at;
}

std::string notice(std::size_t bytes) {
    return fmt::format("\n[... {} bytes cut here ...]\n", bytes);
}

}  // namespace

Character character_at(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) return {lead, 1};
    const auto sequence = sequence_of(lead);
    if (!sequence) return {std::nullopt, 1};
    // A lead byte keeps as many bits as the length mark leaves it: 5, 4 or 3.
    auto character = static_cast<char32_t>(lead & (0x3f >> sequence->continuation));
    for (int i = 1; i <= sequence->continuation; ++i) {
        const std::size_t next = at + static_cast<std::size_t>(i);
        if (next >= text.size()) return {std::nullopt, next - at};
        const auto byte = static_cast<unsigned char>(text[next]);
        const unsigned char low = i == 1 ? sequence->first_low : 0x80;
        const unsigned char high = i == 1 ? sequence->first_high : 0xbf;
        if (byte < low || byte > high) return {std::nullopt, next - at};
        character = (character << 6) | (byte & 0x3f);
    }
    return {character, static_cast<std::size_t>(sequence->continuation) + 1};
}

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::size_t character_start_before(std::string_view text, std::size_t at) {
    for (int i = 0; i < longest_tail && at > 0 && at < text.size() && continues_character(text[at]); ++i)
        --at;
    return at;
}

std::size_t columns(const Character& character) {
    const char32_t code = character.code.value_or(0);
    if (code < 0x1100) return 1;  // wide characters begin with Hangul
    // Dashes, quotes, arrows and mathematics; frames.
    return (code >= 0x2000 && code <= 0x22ff) || (code >= 0x2500 && code <= 0x257f) ? 1 : 2;
}

std::size_t columns(std::string_view line) {
    std::size_t used = 0;
    for (std::size_t at = 0; at < line.size();) {
        const Character character = character_at(line, at);
        used += columns(character);
        at += character.length;
    }
    return used;
}

std::string terminal_text(std::string_view text) {
    const auto keeps = [](char32_t code) {
        return code == '\n' || code == '\t' || (!is_control(code) && !is_layout(code));
    };
    return escaped(text, keeps, visible_bytes);
}

std::string document_text(std::string_view text) {
    const auto keeps = [](char32_t code) {
        if (code == '\n' || code == '\t' || code == '\r') return true;
        return !is_control(code) && code != 0xfffe && code != 0xffff;
    };
    return escaped(text, keeps, [](std::string_view) -> std::string { return "\xef\xbf\xbd"; });
}

std::string one_line(std::string_view text, std::size_t limit) {
    // Cut first, so that a text of megabytes costs no more than what is shown of it.
    std::string line(text.substr(0, character_start_before(text, limit)));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    while (line.ends_with(' ')) line.pop_back();
    line = terminal_text(line);
    if (text.size() > limit) line += fmt::format("… [{} bytes in all]", text.size());
    return line;
}

std::string shortened(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return std::string(text);
    const std::size_t room = limit - notice(text.size()).size();
    // The end of an output tells more than its beginning: it gets two thirds.
    const std::size_t head = character_start_before(text, room / 3);
    const std::size_t tail = character_start_after(text, text.size() - (room - room / 3));
    return fmt::format("{}{}{}", text.substr(0, head), notice(tail - head), text.substr(tail));
}

}  // namespace clamproof
