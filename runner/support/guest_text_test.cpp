#include "support/guest_text.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <type_traits>

namespace clamproof {
namespace {

template <typename Text>
concept Streamable = requires(std::ostream& out, const Text& text) {
    out << text;
};
template <typename Text>
concept Appendable = requires(std::string& message, const Text& text) {
    message += text;
};

// The same questions are answered by yes for text that is not a guest's.
static_assert(Streamable<std::string> && Appendable<std::string> && fmt::is_formattable<std::string>::value);
static_assert(!Streamable<GuestText> && !Appendable<GuestText> && !fmt::is_formattable<GuestText>::value);
static_assert(!std::is_convertible_v<GuestText, std::string> &&
              !std::is_convertible_v<GuestText, std::string_view>);
static_assert(!std::is_constructible_v<std::string, GuestText> &&
              !std::is_constructible_v<nlohmann::json, GuestText>);

TEST(GuestText, IsShownByAnEscaperOfTheMedium) {
    const GuestText text = "\x1b[2J::error::\nowned \xff";
    EXPECT_EQ(terminal_text(text), "\\x1b[2J::error::\nowned \\xff");
    EXPECT_EQ(one_line(text), "\\x1b[2J::error:: owned \\xff");
    EXPECT_EQ(last_words(text, 7), "owned \\xff");
    EXPECT_EQ(text.raw(), "\x1b[2J::error::\nowned \xff");
}

}  // namespace
}  // namespace clamproof
