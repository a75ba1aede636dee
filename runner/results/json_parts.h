/// The pieces that results and events are written with and read from, for the .cpp files that do so.
///
/// Written by nlohmann_json. Read by support/json_file.h, so that a complaint
/// tells line and column.
#pragma once

#include <concepts>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/guest_text.h"
#include "support/json_reader.h"

namespace clamproof {

/// Keeps the order in which keys are written.
using JsonOut = nlohmann::ordered_json;

/// Text as a document can hold it (`document_text`), at most `limit` bytes of it.
JsonOut json_text(std::string_view text, std::size_t limit = 16 * 1024);
/// Seconds rounded to milliseconds; 0 for what is not a number.
JsonOut json_seconds(double seconds);
JsonOut json_texts(const std::vector<std::string>& texts);
JsonOut json_texts(const std::map<std::string, std::string>& texts);
JsonOut json_text(const std::same_as<GuestText> auto& text, std::size_t limit) {
    return json_text(text.raw(), limit);
}
/// One line, without a line end.
std::string json_line(const JsonOut& json);

/// A list of what `element` makes of each item.
template <typename T>
JsonOut json_list(const std::vector<T>& items, JsonOut (*element)(const T&)) {
    JsonOut list = JsonOut::array();
    for (const T& item : items) list.push_back(element(item));
    return list;
}

/// Each of these reads a key that must be there. @throws InputError with its place.
std::string read_text(ObjectReader& reader, const char* key);
/// Nothing where the value is null.
std::optional<std::string> read_optional_text(ObjectReader& reader, const char* key);
double read_number(ObjectReader& reader, const char* key);
std::optional<double> read_optional_number(ObjectReader& reader, const char* key);
int read_integer(ObjectReader& reader, const char* key);
std::optional<int> read_optional_integer(ObjectReader& reader, const char* key);
bool read_flag(ObjectReader& reader, const char* key);
std::vector<std::string> read_texts(ObjectReader& reader, const char* key);
std::map<std::string, std::string> read_texts_by_name(ObjectReader& reader, const char* key);

/// A list of objects. @param read makes one of its elements
template <typename T>
std::vector<T> read_list(ObjectReader& reader, const char* key, T (*read)(const Json&)) {
    std::vector<T> items;
    for (const Json& json : reader.at(key).as_array(key)) items.push_back(read(json));
    return items;
}

}  // namespace clamproof
