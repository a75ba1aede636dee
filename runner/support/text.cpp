#include "support/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <cstdint>
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
