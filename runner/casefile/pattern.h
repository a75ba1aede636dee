/// A regular expression of a case.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace clamproof {

/// An expression in RE2's syntax (that of Perl, without back-references and look-around), held against text
/// line by line:
/// `^` and `$` are the ends of a line, and no match goes over one.
class Pattern {
  public:
    /// @throws InputError where it does not compile, saying why.
    explicit Pattern(std::string text);

    const std::string& text() const { return text_; }
    /// Whether some line of the text has a match. Takes time in proportion to the text, whatever it is:
    /// guests print what they like.
    bool found_in(std::string_view text) const;

  private:
    std::string text_;
    std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace clamproof
