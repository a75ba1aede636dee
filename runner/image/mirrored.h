/// Addresses as they are at a site with a mirror of its own.
#pragma once

#include <string>
#include <string_view>

namespace clamproof {

/// An address with its beginning replaced. @param mirrors words FROM=TO, separated by blanks; of those that
/// fit the one with the longest FROM counts. @throws InputError where a word is none.
std::string mirrored(const std::string& url, std::string_view mirrors);

/// As above, by $CLAMPROOF_MIRRORS.
std::string mirrored_here(const std::string& url);

}  // namespace clamproof
