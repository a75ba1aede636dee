#include "support/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <numeric>

namespace clamproof {
namespace {

/// What stands at one place of a text: a character, or bytes that are none.
struct Piece {
    std::optional<char32_t> character;
    std::size_t length;
};

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

Piece piece_at(std::string_view text, std::size_t at) {
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

std::string lower(std::string_view word) {
    std::string result(word);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    return result;
}

}  // namespace

std::string terminal_text(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto [character, length] = piece_at(text, at);
        const std::string_view bytes = text.substr(at, length);
        at += length;
        if (!character) {
            for (const char byte : bytes) safe += visible(static_cast<unsigned char>(byte));
        } else if (*character == '\n' || *character == '\t') {
            safe += bytes;
        } else if (is_control(*character) || is_layout(*character)) {
            safe += visible(*character);
        } else {
            safe += bytes;
        }
    }
    return safe;
}

std::string document_text(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto [character, length] = piece_at(text, at);
        const std::string_view bytes = text.substr(at, length);
        at += length;
        if (!character) {
            valid += "\xef\xbf\xbd";
        } else if (*character == '\n' || *character == '\t' || *character == '\r') {
            valid += bytes;
        } else if (is_control(*character) || *character == 0xfffe || *character == 0xffff) {
            valid += visible(*character);
        } else {
            valid += bytes;
        }
    }
    return valid;
}

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
        const std::size_t distance = edit_distance(lower(word), lower(candidate));
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
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
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

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (!line.empty()) lines.emplace_back(line);
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return lines;
}

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace clamproof
