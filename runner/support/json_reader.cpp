#include "support/json_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.h"

namespace clamproof {
namespace {

std::string quoted(std::string_view key) {
    return fmt::format("\"{}\"", key);
}

const std::string& filled_string(const Json& value, std::string_view what) {
    const std::string& text = value.as_string(what);
    if (text.empty()) throw value.error(fmt::format("{} must not be empty", what));
    return text;
}

}  // namespace

ObjectReader::ObjectReader(const Json& node, std::string_view what) : node_(node) {
    node_.as_object(what);
}

const Json* ObjectReader::find(std::string_view key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
    return node_.find(key);
}

const Json& ObjectReader::at(std::string_view key) {
    if (const Json* value = find(key)) return *value;
    // The key is there, misspelt: that is what a person wants to hear.
    for (const Json::Member& member : node_.as_object()) {
        const bool asked = std::find(asked_.begin(), asked_.end(), member.key) != asked_.end();
        if (!asked && closest(member.key, {std::string(key)}))
            throw InputError(fmt::format("{}: unknown key \"{}\" (did you mean \"{}\"?)",
                                         member.position.text(), member.key, key));
    }
    throw node_.error(fmt::format("the key \"{}\" is missing", key));
}

std::string ObjectReader::string(std::string_view key) {
    return filled_string(at(key), quoted(key));
}

std::optional<std::string> ObjectReader::optional_string(std::string_view key) {
    const Json* value = find(key);
    if (!value) return std::nullopt;
    return filled_string(*value, quoted(key));
}

std::int64_t ObjectReader::integer(std::string_view key, std::int64_t low, std::int64_t high) {
    const Json& value = at(key);
    const std::int64_t number = value.as_integer(quoted(key));
    if (number < low || number > high)
        throw value.error(fmt::format("\"{}\" must be from {} to {}, not {}", key, low, high, number));
    return number;
}

std::optional<std::int64_t> ObjectReader::optional_integer(std::string_view key, std::int64_t low,
                                                           std::int64_t high) {
    if (!find(key)) return std::nullopt;
    return integer(key, low, high);
}

std::optional<bool> ObjectReader::optional_boolean(std::string_view key) {
    const Json* value = find(key);
    if (!value) return std::nullopt;
    return value->as_boolean(quoted(key));
}

std::string ObjectReader::word(std::string_view key, const std::vector<std::string>& words) {
    const Json& value = at(key);
    std::string text = filled_string(value, quoted(key));
    if (std::find(words.begin(), words.end(), text) == words.end())
        throw value.error(unknown_word(key, text, words));
    return text;
}

std::vector<std::string> ObjectReader::strings(std::string_view key) {
    std::vector<std::string> list;
    const Json* value = find(key);
    if (!value) return list;
    for (const Json& item : value->as_array(quoted(key)))
        list.push_back(filled_string(item, fmt::format("an item of \"{}\"", key)));
    return list;
}

InputError ObjectReader::error(std::string_view key, std::string_view message) const {
    const Json* value = node_.find(key);
    return (value ? *value : node_).error(message);
}

void ObjectReader::finish() const {
    for (const Json::Member& member : node_.as_object()) {
        if (std::find(asked_.begin(), asked_.end(), member.key) != asked_.end()) continue;
        throw InputError(
            fmt::format("{}: {}", member.position.text(), unknown_word("key", member.key, asked_)));
    }
}

}  // namespace clamproof
