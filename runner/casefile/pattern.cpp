#include "casefile/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "support/error.h"

namespace clamproof {

Pattern::Pattern(std::string text) : text_(std::move(text)) {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);  // bytes: what a guest prints need not be UTF-8
    options.set_log_errors(false);
    compiled_ = std::make_shared<const re2::RE2>(text_, options);
    if (compiled_->ok()) return;
    const bool beyond = compiled_->error_code() == re2::RE2::ErrorBadEscape ||
                        compiled_->error_code() == re2::RE2::ErrorBadPerlOp;
    throw InputError(fmt::format("\"{}\" is no regular expression: {}{}", text_, compiled_->error(),
                                 beyond ? "; back-references and look-around are not supported" : ""));
}

bool Pattern::found_in(std::string_view text) const {
    for (;;) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        // Of some versions of RE2 the text is not a std::string_view.
        if (re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *compiled_)) return true;
        if (end == text.size()) return false;
        text.remove_prefix(end + 1);
    }
}

}  // namespace clamproof
