#include "reports/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/layout.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t text_limit = 2000;

}  // namespace

// As HTML would have it, which is what a Markdown table and a heading may hold. A vertical bar ends a table's
// cell, a backtick and its like begin something.
std::string markdown_plain(std::string_view text) {
    std::string escaped;
    for (const char c : one_line(document_text(text), text_limit)) {
        if (std::string_view("<>&\"'|`*_[]\\#~$@:").find(c) != std::string_view::npos)
            escaped += fmt::format("&#{};", static_cast<int>(c));
        else
            escaped += c;
    }
    return escaped;
}

// A block of code, its fence longer than any run of backticks in it.
std::string markdown_block(std::string_view text) {
    const std::string content = document_text(terminal_text(text));
    std::size_t longest = 0, run = 0;
    for (const char c : content) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
    return fmt::format("{0}text\n{1}{2}{0}\n", fence, content, content.ends_with('\n') ? "" : "\n");
}

}  // namespace clamproof
