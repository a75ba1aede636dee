/// A regular expression of a case.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace clamproof {

/// ECMAScript, without back-references. `^` and `$` match at every line of the text.
class Pattern {
  public:
    /// @throws InputError where it does not compile, saying why.
    explicit Pattern(std::string text);

    const std::string& text() const { return text_; }
    /// Whether some part of the text matches. The text may be of any length: the search takes no stack for
    /// it.
    bool found_in(std::string_view text) const;

  private:
    struct Compiled;

    std::string text_;
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace clamproof
