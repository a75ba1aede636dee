/// Text of any origin in a Markdown document, where nothing of it is taken for Markdown or HTML.
#pragma once

#include <string>
#include <string_view>

namespace clamproof {

/// One line, fit for a heading or a table's cell.
std::string markdown_plain(std::string_view text);

/// A block of code.
std::string markdown_block(std::string_view text);

}  // namespace clamproof
