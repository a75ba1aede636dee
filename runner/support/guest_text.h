/// Text that a guest wrote. Whatever it holds, it is data: nothing prints it as it came.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

#include "support/text.h"

namespace clamproof {

/// Any text can become one, and none becomes anything else by itself: to append it to a message, to format or
/// to print it does not compile. An escaper of the medium makes text of it that can be shown: those below for
/// a terminal, indented_output (reports/log_files.h) for logs and XML, json_text (results/json_parts.h) for
/// JSON and the page that is made of it.
class GuestText {
  public:
    GuestText() = default;
    GuestText(std::string raw) : raw_(std::move(raw)) {}
    GuestText(const char* raw) : raw_(raw) {}

    bool empty() const { return raw_.empty(); }
    /// As it came: to be read by a parser, held against a pattern, or stored. Not to be shown.
    const std::string& raw() const { return raw_; }

    friend bool operator==(const GuestText&, const GuestText&) = default;
    /// Both of a script's outputs.
    friend GuestText operator+(const GuestText& one, const GuestText& other) { return one.raw_ + other.raw_; }

  private:
    std::string raw_;
};

// Templates, so that no other text becomes a guest's on the way to them.
std::string terminal_text(const std::same_as<GuestText> auto& text) {
    return terminal_text(text.raw());
}
std::string one_line(const std::same_as<GuestText> auto& text, std::size_t limit = 500) {
    return one_line(text.raw(), limit);
}
/// The last bytes of a text, at most `limit`, as terminal_text shows them.
std::string last_words(const std::same_as<GuestText> auto& text, std::size_t limit) {
    const std::string& raw = text.raw();
    return terminal_text(raw.substr(raw.size() - std::min(raw.size(), limit)));
}

}  // namespace clamproof
