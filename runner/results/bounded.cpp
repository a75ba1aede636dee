#include "results/bounded.h"

#include <fmt/format.h>

namespace clamproof {
namespace {

bool continues_a_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

constexpr int longest_tail = 3;  // a UTF-8 character has at most three bytes after its first

std::size_t character_start_before(std::string_view text, std::size_t at) {
    for (int i = 0; i < longest_tail && at > 0 && continues_a_character(text[at]); ++i) --at;
    return at;
}

std::size_t character_start_after(std::string_view text, std::size_t at) {
    for (int i = 0; i < longest_tail && at < text.size() && continues_a_character(text[at]); ++i) ++at;
    return at;
}

std::string notice(std::size_t bytes) {
    return fmt::format("\n[... {} bytes cut here ...]\n", bytes);
}

}  // namespace

std::string bounded(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return std::string(text);
    const std::size_t room = limit - notice(text.size()).size();
    // The end of an output tells more than its beginning: it gets two thirds.
    const std::size_t head = character_start_before(text, room / 3);
    const std::size_t tail = character_start_after(text, text.size() - (room - room / 3));
    return fmt::format("{}{}{}", text.substr(0, head), notice(tail - head), text.substr(tail));
}

}  // namespace clamproof
