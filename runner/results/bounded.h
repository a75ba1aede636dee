/// Long guest output, cut to what a report holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace clamproof {

/// What a report holds of each of a step's two outputs, in bytes.
inline constexpr std::size_t step_output_limit = 64 * 1024;

/// The text where it has at most `limit` bytes; else its beginning and its end, with a line between them that
/// says how many bytes were cut, together at most `limit` bytes. Never cuts within a UTF-8 character.
/// @param limit bytes, at least 100
std::string bounded(std::string_view text, std::size_t limit);

}  // namespace clamproof
