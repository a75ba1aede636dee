/// Text laid out for a person: columns, colours, durations.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace clamproof {

enum class Colour { Never, Always };

/// Text of any origin as one line that a terminal shows as it is: line ends and tabs become spaces, control
/// characters harmless. Text beyond `limit` bytes is cut, and says so.
std::string one_line(std::string_view text, std::size_t limit = 500);

/// How many columns a line of UTF-8 takes; of two possible answers the wider one.
std::size_t columns(std::string_view line);

/// The line where it takes at most `width` columns, else its beginning and "…".
std::string fit(std::string_view line, std::size_t width);

/// The line with spaces after it, up to `width` columns.
std::string pad(std::string_view line, std::size_t width);

/// The line in a colour. @param code of SGR, e.g. "31"; empty for none
std::string paint(std::string_view line, std::string_view code, Colour colour);

/// "4.2 s", "3 min 20 s", "1 h 02 min".
std::string duration(double seconds);

}  // namespace clamproof
