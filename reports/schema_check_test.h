/// A document held against its JSON schema.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace clamproof {

using Value = nlohmann::json;

/// As much of JSON schema as results.schema.json uses; a keyword beyond that is a complaint of its own.
class SchemaCheck {
  public:
    explicit SchemaCheck(const Value& schema) : root_(schema) {}

    std::vector<std::string> complaints(const Value& value) {
        complaints_.clear();
        check(root_, value, "$");
        return complaints_;
    }

    /// Schemas of objects and their keys that no value has had so far.
    std::vector<std::string> unused_keys() const {
        std::vector<std::string> unused;
        collect_unused(root_, unused);
        for (const auto& [name, schema] : root_["$defs"].items()) collect_unused(schema, unused);
        return unused;
    }

  private:
    void complain(const std::string& place, const std::string& text) {
        complaints_.push_back(place + ": " + text);
    }

    void check(const Value& schema, const Value& value, const std::string& place) {
        static const std::set<std::string> known{
            "$schema", "$defs",    "$ref",  "title",     "description",
            "type",    "required", "items", "minimum",   "additionalProperties",
            "enum",    "const",    "anyOf", "properties"};
        for (const auto& [keyword, ignored] : schema.items()) {
            if (!known.contains(keyword)) complain(place, "the checker knows no " + keyword);
        }
        if (schema.contains("$ref")) check(resolve(schema["$ref"]), value, place);
        if (schema.contains("type") && !is_of(schema["type"], value)) complain(place, "wrong type");
        if (schema.contains("const") && value != schema["const"]) complain(place, "not the constant");
        if (schema.contains("enum") && !has(schema["enum"], value)) complain(place, "not in the enumeration");
        if (schema.contains("minimum") && value < schema["minimum"]) complain(place, "below the minimum");
        if (schema.contains("anyOf") && !any_of(schema["anyOf"], value))
            complain(place, "none of the choices");
        if (value.is_object()) check_object(schema, value, place);
        if (value.is_array() && schema.contains("items")) {
            for (std::size_t i = 0; i < value.size(); ++i) {
                check(schema["items"], value[i], fmt::format("{}[{}]", place, i));
            }
        }
    }

    void check_object(const Value& schema, const Value& value, const std::string& place) {
        static const Value none = Value::object();
        const Value& required = schema.contains("required") ? schema["required"] : none;
        const Value& properties = schema.contains("properties") ? schema["properties"] : none;
        const Value& others = schema.contains("additionalProperties") ? schema["additionalProperties"] : none;
        for (const Value& key : required) {
            if (!value.contains(key)) complain(place, "lacks " + key.get<std::string>());
        }
        for (const auto& [key, element] : value.items()) {
            if (properties.contains(key)) {
                used_.insert(&schema["properties"][key]);
                check(properties[key], element, place + "." + key);
            } else if (others.is_object()) {
                check(others, element, place + "." + key);
            } else if (others == Value(false)) {
                complain(place, "undeclared " + key);
            }
        }
    }

    bool any_of(const Value& schemas, const Value& value) {
        for (const Value& schema : schemas) {
            SchemaCheck one(root_);
            one.check(schema, value, "");
            if (!one.complaints_.empty()) continue;
            used_.merge(one.used_);
            return true;
        }
        return false;
    }

    static bool has(const Value& list, const Value& value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    }

    static bool is_of(const Value& type, const Value& value) {
        if (type.is_array()) {
            return std::any_of(type.begin(), type.end(), [&](const Value& one) { return is_of(one, value); });
        }
        if (type == "object") return value.is_object();
        if (type == "array") return value.is_array();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_boolean();
        if (type == "integer") return value.is_number_integer();
        if (type == "number") return value.is_number();
        return type == "null" && value.is_null();
    }

    const Value& resolve(const Value& reference) const {
        const std::string name = reference.get<std::string>();
        return root_.at("$defs").at(name.substr(std::string_view("#/$defs/").size()));
    }

    void collect_unused(const Value& schema, std::vector<std::string>& unused) const {
        if (!schema.contains("properties")) return;
        for (const auto& [key, element] : schema["properties"].items()) {
            if (!used_.contains(&element)) unused.push_back(key);
        }
    }

    const Value& root_;
    std::vector<std::string> complaints_;
    std::set<const Value*> used_;
};

}  // namespace clamproof
