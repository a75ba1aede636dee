#include "reports/page.h"

#include <fmt/format.h>

#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

// JSON within an element: what could end the element, or begin a comment, is written by its number.
std::string inert(std::string_view json) {
    std::string text;
    text.reserve(json.size());
    for (const char c : json) {
        if (c == '<' || c == '>' || c == '&')
            text += fmt::format("\\u{:04x}", static_cast<int>(c));
        else
            text += c;
    }
    return text;
}

std::string_view between(std::string_view page, std::string_view begin, std::string_view end) {
    const auto from = page.find(begin) + begin.size();
    return page.substr(from, page.find(end, from) - from);
}

void put_in(std::string& page, std::string_view place, std::string_view text) {
    page.replace(page.find(place), place.size(), text);
}

}  // namespace

std::size_t Texts::number(std::string_view text, std::size_t limit) {
    const auto [known, is_new] = numbers_.try_emplace(std::string(shortened(text, limit)), list_.size());
    if (is_new) list_.push_back(json_text(known->first, limit));
    return known->second;
}

JsonOut Texts::numbers(const std::vector<std::string>& texts) {
    JsonOut all = JsonOut::array();
    for (const auto& text : texts) all.push_back(number(text));
    return all;
}

std::string page_with_data(std::string_view page, std::string_view json) {
    std::string whole(page);
    put_in(whole, "STYLE_DIGEST", "sha256-" + sha256_base64(between(page, "<style>", "</style>")));
    put_in(whole, "SCRIPT_DIGEST", "sha256-" + sha256_base64(between(page, "<script>", "</script>")));
    put_in(whole, "PAGE_DATA", inert(json));
    return whole;
}

}  // namespace clamproof
