#include "casefile/pattern.h"

#include <fmt/format.h>

#include <regex>

#include "support/error.h"

namespace clamproof {

struct Pattern::Compiled {
    std::regex regex;
};

Pattern::Pattern(std::string text) : text_(std::move(text)) {
    // libstdc++'s usual matcher recurses once a character and overflows the stack on a line of some 100 kB,
    // which a guest may well print. Its other one, asked for by __polynomial, does not; it has no
    // back-references.
    const auto flags =
        std::regex::ECMAScript | std::regex_constants::multiline | std::regex_constants::__polynomial;
    try {
        compiled_ = std::make_shared<const Compiled>(Compiled{std::regex(text_, flags)});
    } catch (const std::regex_error& error) {
        const bool reference = error.code() == std::regex_constants::error_complexity;
        throw InputError(fmt::format("\"{}\" is no regular expression: {}", text_,
                                     reference ? "back-references are not supported" : error.what()));
    }
}

bool Pattern::found_in(std::string_view text) const {
    return std::regex_search(text.begin(), text.end(), compiled_->regex);
}

}  // namespace clamproof
