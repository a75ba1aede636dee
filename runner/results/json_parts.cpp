#include "results/json_parts.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "support/text.h"
#include "support/utf8.h"

namespace clamproof {
namespace {}  // namespace

JsonOut json_text(std::string_view text, std::size_t limit) {
    // Cut first: a text of megabytes costs no more than what is kept of it. What is no text grows when it is
    // written out, so that less of it may be kept.
    std::size_t room = limit;
    for (;;) {
        std::string held = document_text(shortened(text, room));
        if (held.size() <= limit) return held;
        room = room * limit / held.size() - 1;
    }
}

JsonOut json_seconds(double seconds) {
    return std::isfinite(seconds) ? std::round(seconds * 1000) / 1000 : 0.0;
}

JsonOut json_texts(const std::vector<std::string>& texts) {
    JsonOut list = JsonOut::array();
    for (const std::string& text : texts) list.push_back(json_text(text));
    return list;
}

JsonOut json_texts(const std::map<std::string, std::string>& texts) {
    JsonOut object = JsonOut::object();
    for (const auto& [name, text] : texts) object[document_text(name)] = json_text(text);
    return object;
}

std::string json_line(const JsonOut& json) {
    return json.dump();
}

std::string read_text(ObjectReader& reader, const char* key) {
    return reader.at(key).as_string(key);
}

std::optional<std::string> read_optional_text(ObjectReader& reader, const char* key) {
    if (reader.at(key).is_null()) return std::nullopt;
    return read_text(reader, key);
}

double read_number(ObjectReader& reader, const char* key) {
    return reader.at(key).as_number(key);
}

std::optional<double> read_optional_number(ObjectReader& reader, const char* key) {
    if (reader.at(key).is_null()) return std::nullopt;
    return read_number(reader, key);
}

int read_integer(ObjectReader& reader, const char* key) {
    using Limits = std::numeric_limits<int>;
    return static_cast<int>(reader.integer(key, Limits::min(), Limits::max()));
}

std::optional<int> read_optional_integer(ObjectReader& reader, const char* key) {
    if (reader.at(key).is_null()) return std::nullopt;
    return read_integer(reader, key);
}

bool read_flag(ObjectReader& reader, const char* key) {
    return reader.at(key).as_boolean(key);
}

std::vector<std::string> read_texts(ObjectReader& reader, const char* key) {
    std::vector<std::string> texts;
    for (const Json& json : reader.at(key).as_array(key)) texts.push_back(json.as_string(key));
    return texts;
}

std::map<std::string, std::string> read_texts_by_name(ObjectReader& reader, const char* key) {
    std::map<std::string, std::string> texts;
    for (const Json::Member& member : reader.at(key).as_object(key)) {
        texts.emplace(member.key, member.value.as_string(member.key));
    }
    return texts;
}

}  // namespace clamproof
