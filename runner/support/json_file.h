/// JSON files that people write: strict, with comments, and every value knows where it stands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "support/error.h"

namespace clamproof {

/// A place in a file, for error messages.
struct Position {
    std::shared_ptr<const std::string> file;
    int line = 1;
    int column = 1;  ///< in characters, from 1

    /// "cases/x/case.json:12:5"
    std::string text() const;
};

/// A value of a JSON file and its place. The accessors throw an InputError that names place, expected and
/// found kind.
class Json {
  public:
    struct Member;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>;  ///< in the order of the file; keys are unique

    struct Number {
        double value = 0;
        std::optional<std::int64_t> whole;  ///< where written as a whole number that fits
    };
    using Value = std::variant<std::nullptr_t, bool, Number, std::string, Array, Object>;

    Json(Position position, Value value);

    const Position& position() const { return position_; }
    /// "a string", "a list", "an object", …
    std::string_view kind() const;

    /// @param what the value's name in the message, e.g. `"title"`
    const std::string& as_string(std::string_view what = "this value") const;
    bool as_boolean(std::string_view what = "this value") const;
    double as_number(std::string_view what = "this value") const;
    std::int64_t as_integer(std::string_view what = "this value") const;
    const Array& as_array(std::string_view what = "this value") const;
    const Object& as_object(std::string_view what = "this value") const;

    bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
    bool is_string() const { return std::holds_alternative<std::string>(value_); }
    bool is_array() const { return std::holds_alternative<Array>(value_); }
    bool is_object() const { return std::holds_alternative<Object>(value_); }

    /// An object's value of that key; null where there is none.
    const Json* find(std::string_view key) const;

    /// An error at this place: "FILE:LINE:COLUMN: message".
    InputError error(std::string_view message) const;

    /// For builders (parser, merge): the value itself.
    Value& value() { return value_; }

  private:
    InputError mismatch(std::string_view what, std::string_view expected) const;

    Position position_;
    Value value_;
};

struct Json::Member {
    std::string key;
    Position position;  ///< of the key
    Json value;
};

/// Reads a file of one JSON value; `//` and `/* */` comments are allowed.
/// @throws InputError where it cannot be read, is no JSON, names a key twice or nests deeper than 64.
Json read_json_file(const std::filesystem::path& file);

/// The same for text at hand. @param name stands for the file in messages
Json parse_json(std::string_view text, const std::string& name);

/// The value as text that is the same for equal values: keys in order, no blanks, no comments.
std::string canonical_text(const Json& json);

/// One value laid over another: objects key by key, lists one after the other, all else replaced. Every part
/// keeps its own place; a merged object or list has that of `over`.
/// @throws InputError where the two are of different kinds.
Json merge_json(Json base, const Json& over);

}  // namespace clamproof
