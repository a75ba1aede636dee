#include "reports/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::string_view cut_mark = "…";

/// Bytes in the character that begins with this one.
std::size_t character_size(char first) {
    const auto byte = static_cast<unsigned char>(first);
    if (byte < 0xC0) return 1;
    if (byte < 0xE0) return 2;
    return byte < 0xF0 ? 3 : 4;
}

/// Wide characters begin with Hangul (U+1100, three bytes from 0xE1 0x84 on).
std::size_t character_columns(std::string_view character) {
    if (character.size() < 3) return 1;
    if (character.size() > 3) return 2;
    const auto first = static_cast<unsigned char>(character[0]);
    const auto second = static_cast<unsigned char>(character[1]);
    // Dashes, quotes, arrows, mathematics (U+2000 to U+22FF) and frames (U+2500 to U+257F).
    const bool symbol = first == 0xE2 && (second < 0x8C || second == 0x94 || second == 0x95);
    return symbol || first == 0xE0 || (first == 0xE1 && second < 0x84) ? 1 : 2;
}

/// The first bytes of the line that take at most `width` columns.
std::size_t bytes_within(std::string_view line, std::size_t width) {
    std::size_t used = 0;
    std::size_t at = 0;
    while (at < line.size()) {
        const std::string_view character = line.substr(at, character_size(line[at]));
        used += character_columns(character);
        if (used > width) break;
        at += character.size();
    }
    return at;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t limit) {
    // Cut first, so that a text of megabytes costs no more than what is shown of it.
    std::string line(text.substr(0, limit));
    if (text.size() > limit) {
        while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U) line.pop_back();
        if (!line.empty() && (static_cast<unsigned char>(line.back()) & 0x80U) != 0) line.pop_back();
    }
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    while (!line.empty() && line.back() == ' ') line.pop_back();
    line = terminal_text(line);
    if (text.size() > limit) line += fmt::format("{} [{} bytes in all]", cut_mark, text.size());
    return line;
}

std::size_t columns(std::string_view line) {
    std::size_t used = 0;
    for (std::size_t at = 0; at < line.size();) {
        const std::string_view character = line.substr(at, character_size(line[at]));
        used += character_columns(character);
        at += character.size();
    }
    return used;
}

std::string fit(std::string_view line, std::size_t width) {
    if (columns(line) <= width) return std::string(line);
    if (width == 0) return "";
    return std::string(line.substr(0, bytes_within(line, width - 1))) + std::string(cut_mark);
}

std::string pad(std::string_view line, std::size_t width) {
    const std::size_t used = columns(line);
    return std::string(line) + std::string(used < width ? width - used : 0, ' ');
}

std::string paint(std::string_view line, std::string_view code, Colour colour) {
    if (colour == Colour::Never || code.empty()) return std::string(line);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, line);
}

std::string duration(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) seconds = 0;
    if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<long long>(std::llround(std::min(seconds, 1e9)));
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace clamproof
