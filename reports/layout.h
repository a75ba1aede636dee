/// Text laid out for a person: columns, colours, durations.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "support/text.h"

namespace clamproof {

enum class Colour { Never, Always };

/// The line where it takes at most `width` columns, else its beginning and "…".
std::string fit(std::string_view line, std::size_t width);

/// The line with spaces after it, up to `width` columns.
std::string pad(std::string_view line, std::size_t width);

/// The line in a colour. @param code of SGR, e.g. "31"; empty for none
std::string paint(std::string_view line, std::string_view code, Colour colour);

/// "4.2 s", "3 min 20 s", "1 h 02 min".
std::string duration(double seconds);

}  // namespace clamproof
