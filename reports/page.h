/// What the pages of reports share: data within them that nothing a guest printed can get out of.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "results/json_parts.h"

namespace clamproof {

/// Texts by number: claims, names and outputs come again and again.
class Texts {
  public:
    std::size_t number(std::string_view text, std::size_t limit = 16 * 1024);
    JsonOut numbers(const std::vector<std::string>& texts);
    /// All of them, by their numbers.
    JsonOut take() { return std::move(list_); }

  private:
    std::map<std::string, std::size_t, std::less<>> numbers_;
    JsonOut list_ = JsonOut::array();
};

/// A page with its data in it. Its content security policy lets its own style and script alone run.
/// @param page reports/*.html, as part of the program (report_pages.h)
/// @param json what its script shows, as text
std::string page_with_data(std::string_view page, std::string_view json);

}  // namespace clamproof
