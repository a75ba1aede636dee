#include "support/json_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t max_depth = 64;

/// Walks the text in step with the parser, which tells what it has read but not where.
class Cursor {
  public:
    Cursor(std::string_view text, const std::string& name)
        : text_(text), file_(std::make_shared<const std::string>(name)) {
        if (text_.starts_with("\xef\xbb\xbf")) offset_ = 3;
    }

    /// Moves to the next token, over blanks, separators and comments.
    Position seek() {
        while (offset_ < text_.size()) {
            const char byte = text_[offset_];
            if (byte == '/') {
                skip_comment();
            } else if (std::string_view(" \t\r\n,:").find(byte) != std::string_view::npos) {
                advance();
            } else {
                break;
            }
        }
        return {file_, line_, column_};
    }

    /// Moves over the next token and says where it began.
    Position take() {
        Position start = seek();
        const char first = offset_ < text_.size() ? text_[offset_] : ' ';
        advance();
        if (first == '"') {
            take_string();
        } else if (std::string_view("{}[]").find(first) == std::string_view::npos) {
            while (offset_ < text_.size() && is_literal(text_[offset_])) advance();
        }
        return start;
    }

    std::size_t offset() const { return offset_; }

    /// The place of a byte at or after the cursor.
    Position at(std::size_t offset) {
        while (offset_ < std::min(offset, text_.size())) advance();
        return {file_, line_, column_};
    }

  private:
    static bool is_literal(char byte) {
        return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '+' || byte == '-' ||
               byte == '.';
    }

    void advance() {
        if (offset_ >= text_.size()) return;
        if (text_[offset_++] == '\n') {
            ++line_;
            column_ = 1;
        } else if (offset_ == text_.size() || !continues_character(text_[offset_])) {
            ++column_;  // once a character: the bytes that continue one do not count
        }
    }

    void take_string() {
        while (offset_ < text_.size()) {
            const char byte = text_[offset_];
            advance();
            if (byte == '"') return;
            if (byte == '\\') advance();
        }
    }

    void skip_comment() {
        const bool block = text_.substr(offset_, 2) == "/*";
        advance();
        advance();
        while (offset_ < text_.size()) {
            const char byte = text_[offset_];
            if (block ? text_.substr(offset_, 2) == "*/" : byte == '\n' || byte == '\r') break;
            advance();
        }
        advance();
        if (block) advance();
    }

    std::string_view text_;
    std::shared_ptr<const std::string> file_;
    std::size_t offset_ = 0;
    int line_ = 1;
    int column_ = 1;
};

/// Builds the tree from the parser's events (the interface is nlohmann's SAX).
class TreeBuilder {
  public:
    TreeBuilder(std::string_view text, const std::string& name) : cursor_(text, name) {}

    bool null() { return add(nullptr); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(std::int64_t value) { return add(Json::Number{static_cast<double>(value), value}); }
    bool number_unsigned(std::uint64_t value) {
        const auto number = static_cast<double>(value);
        const bool fits = value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return add(
            Json::Number{number, fits ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt});
    }
    bool number_float(double value, const std::string& /*written*/) {
        return add(Json::Number{value, std::nullopt});
    }
    bool string(std::string& value) { return add(std::move(value)); }
    bool binary(nlohmann::json::binary_t& /*value*/) { return false; }  // JSON text has none

    bool start_object(std::size_t /*size*/) { return open(Json::Object()); }
    bool start_array(std::size_t /*size*/) { return open(Json::Array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(std::string& name) {
        Position position = cursor_.take();
        if (const Json* first = open_.back()->find(name))
            throw InputError(fmt::format("{}: the key \"{}\" is here a second time (first in line {})",
                                         position.text(), name, first->position().line));
        key_ = {std::move(name), std::move(position)};
        return true;
    }

    /// @param read bytes read up to and including the one that is wrong
    bool parse_error(std::size_t read, const std::string& /*token*/,
                     const nlohmann::detail::exception& error) {
        // An unexpected token is wrong from its first byte on; a malformed one where it goes wrong.
        const std::string message = reason(error.what());
        const std::size_t wrong = read == 0 ? 0 : read - 1;
        Position position = cursor_.offset() <= wrong && message.find("unexpected") != std::string::npos
                                ? unexpected(wrong)
                                : cursor_.at(wrong);
        throw InputError(fmt::format("{}: {}", position.text(), message));
    }

    std::optional<Json> take() { return std::move(root_); }

  private:
    struct Key {
        std::string name;
        Position position;
    };

    Position unexpected(std::size_t wrong) {
        Cursor ahead = cursor_;
        Position token = ahead.seek();
        return ahead.offset() <= wrong ? token : cursor_.at(wrong);
    }

    /// The parser's words without its prefix, which repeats the place.
    static std::string reason(std::string text) {
        if (const auto bracket = text.find("] "); text.starts_with('[') && bracket != std::string::npos)
            text.erase(0, bracket + 2);
        if (const auto colon = text.find(": ");
            text.starts_with("parse error at") && colon != std::string::npos)
            text.erase(0, colon + 2);
        return text;
    }

    Json* place(Json node) {
        if (open_.empty()) return &root_.emplace(std::move(node));
        Json::Value& parent = open_.back()->value();
        if (auto* array = std::get_if<Json::Array>(&parent)) return &array->emplace_back(std::move(node));
        auto& object = std::get<Json::Object>(parent);
        object.push_back({std::move(key_.name), std::move(key_.position), std::move(node)});
        return &object.back().value;
    }

    bool add(Json::Value value) {
        place(Json(cursor_.take(), std::move(value)));
        return true;
    }

    bool open(Json::Value value) {
        Json node(cursor_.take(), std::move(value));
        if (open_.size() >= max_depth)
            throw node.error(fmt::format("nested deeper than {} levels", max_depth));
        open_.push_back(place(std::move(node)));
        return true;
    }

    bool close() {
        cursor_.take();
        open_.pop_back();
        return true;
    }

    Cursor cursor_;
    Key key_;
    std::optional<Json> root_;
    std::vector<Json*>
        open_;  ///< the objects and lists around the current place; a parent does not grow meanwhile
};

}  // namespace

std::string Position::text() const {
    return fmt::format("{}:{}:{}", file ? *file : std::string(), line, column);
}

Json::Json(Position position, Value value) : position_(std::move(position)), value_(std::move(value)) {}

std::string_view Json::kind() const {
    static constexpr std::array<std::string_view, std::variant_size_v<Value>> names = {
        "null", "true or false", "a number", "a string", "a list", "an object"};
    return names[value_.index()];
}

InputError Json::error(std::string_view message) const {
    return InputError(fmt::format("{}: {}", position_.text(), message));
}

InputError Json::mismatch(std::string_view what, std::string_view expected) const {
    return error(fmt::format("{} must be {}, not {}", what, expected, kind()));
}

const std::string& Json::as_string(std::string_view what) const {
    if (const auto* value = std::get_if<std::string>(&value_)) return *value;
    throw mismatch(what, "a string");
}

bool Json::as_boolean(std::string_view what) const {
    if (const auto* value = std::get_if<bool>(&value_)) return *value;
    throw mismatch(what, "true or false");
}

double Json::as_number(std::string_view what) const {
    if (const auto* value = std::get_if<Number>(&value_)) return value->value;
    throw mismatch(what, "a number");
}

std::int64_t Json::as_integer(std::string_view what) const {
    const auto* number = std::get_if<Number>(&value_);
    if (number && number->whole) return *number->whole;
    if (number) throw error(fmt::format("{} must be a whole number, not {}", what, number->value));
    throw mismatch(what, "a whole number");
}

const Json::Array& Json::as_array(std::string_view what) const {
    if (const auto* value = std::get_if<Array>(&value_)) return *value;
    throw mismatch(what, "a list");
}

const Json::Object& Json::as_object(std::string_view what) const {
    if (const auto* value = std::get_if<Object>(&value_)) return *value;
    throw mismatch(what, "an object");
}

const Json* Json::find(std::string_view key) const {
    const auto* object = std::get_if<Object>(&value_);
    if (!object) return nullptr;
    const auto member =
        std::find_if(object->begin(), object->end(), [&](const Member& one) { return one.key == key; });
    return member == object->end() ? nullptr : &member->value;
}

Json parse_json(std::string_view text, const std::string& name) {
    if (text.find('\0') != std::string_view::npos)
        throw InputError(fmt::format("{}: holds a zero byte, so it is no JSON text", name));
    TreeBuilder builder(text, name);
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder, nlohmann::json::input_format_t::json,
                              /*strict=*/true, /*ignore_comments=*/true);
    auto root = builder.take();
    if (!root) throw InputError(fmt::format("{}: holds no value", name));
    return std::move(*root);
}

Json read_json_file(const std::filesystem::path& file) {
    std::string text;
    try {
        text = read_file(file);
    } catch (const InfraError& error) {
        throw InputError(error.what());
    }
    return parse_json(text, file.string());
}

std::string canonical_text(const Json& json) {
    const auto to_value = [](const auto& self, const Json& one) -> nlohmann::json {
        if (one.is_array()) {
            auto list = nlohmann::json::array();
            for (const Json& item : one.as_array()) list.push_back(self(self, item));
            return list;
        }
        if (one.is_object()) {
            auto object = nlohmann::json::object();
            for (const Json::Member& member : one.as_object()) object[member.key] = self(self, member.value);
            return object;
        }
        if (one.is_string()) return one.as_string();
        if (one.is_null()) return nullptr;
        return one.kind() == "a number" ? nlohmann::json(one.as_number()) : nlohmann::json(one.as_boolean());
    };
    return to_value(to_value, json).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

Json merge_json(Json base, const Json& over) {
    Json merged = over;
    if (merged.value().index() != base.value().index())
        throw over.error(
            fmt::format("{} here, but {} in {}", over.kind(), base.kind(), base.position().text()));
    if (auto* array = std::get_if<Json::Array>(&merged.value())) {
        auto& first = std::get<Json::Array>(base.value());
        array->insert(array->begin(), std::make_move_iterator(first.begin()),
                      std::make_move_iterator(first.end()));
    } else if (auto* object = std::get_if<Json::Object>(&merged.value())) {
        auto& result = std::get<Json::Object>(base.value());
        for (Json::Member& member : *object) {
            const auto same = std::find_if(result.begin(), result.end(),
                                           [&](const Json::Member& one) { return one.key == member.key; });
            if (same == result.end()) {
                result.push_back(std::move(member));
            } else {
                *same = {member.key, member.position, merge_json(std::move(same->value), member.value)};
            }
        }
        *object = std::move(result);
    }
    return merged;
}

}  // namespace clamproof
