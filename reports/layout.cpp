#include "reports/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace clamproof {
namespace {

constexpr std::string_view cut_mark = "…";

/// The first bytes of the line that take at most `width` columns.
std::size_t bytes_within(std::string_view line, std::size_t width) {
    std::size_t used = 0;
    std::size_t at = 0;
    while (at < line.size()) {
        const Character character = character_at(line, at);
        used += columns(character);
        if (used > width) break;
        at += character.length;
    }
    return at;
}

}  // namespace

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
