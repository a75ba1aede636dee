#include "image/mirrored.h"

#include <fmt/format.h>

#include <cstdlib>
#include <sstream>

#include "support/error.h"

namespace clamproof {

std::string mirrored(const std::string& url, std::string_view mirrors) {
    std::string longest, instead;
    std::istringstream words{std::string(mirrors)};
    for (std::string word; words >> word;) {
        const auto equals = word.find("=http");  // an address may have an equals sign of its own
        if (!word.starts_with("http") || equals == std::string::npos)
            throw InputError(fmt::format(
                "CLAMPROOF_MIRRORS holds \"{}\"; expected FROM=TO, both of them beginnings of addresses",
                word));
        const std::string from = word.substr(0, equals);
        if (!url.starts_with(from) || from.size() <= longest.size()) continue;
        longest = from;
        instead = word.substr(equals + 1);
    }
    return longest.empty() ? url : instead + url.substr(longest.size());
}

std::string mirrored_here(const std::string& url) {
    const char* mirrors = std::getenv("CLAMPROOF_MIRRORS");
    return mirrored(url, mirrors ? mirrors : "");
}

}  // namespace clamproof
