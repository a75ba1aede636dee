/// Reads the keys of one JSON object, and rejects those that nobody asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/json_file.h"

namespace clamproof {

/// Ask for every key that may be there, then call finish(). All errors are InputErrors with the place.
///
///     ObjectReader reader(node);
///     fix.id = reader.string("id");
///     fix.verify = reader.optional_string("verify");
///     reader.finish();
class ObjectReader {
  public:
    /// @param node must be an object, and outlive the reader
    /// @param what its name in messages, e.g. "a fix"
    explicit ObjectReader(const Json& node, std::string_view what = "this value");

    /// A key that must be there.
    const Json& at(std::string_view key);
    /// A key that may be there; null where it is not.
    const Json* find(std::string_view key);

    /// Strings are never empty: to say nothing, leave the key out.
    std::string string(std::string_view key);
    std::optional<std::string> optional_string(std::string_view key);
    /// A whole number from `low` to `high`.
    std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high);
    std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t low, std::int64_t high);
    std::optional<bool> optional_boolean(std::string_view key);
    /// One of these words.
    std::string word(std::string_view key, const std::vector<std::string>& words);
    /// A list of strings that are not empty; an empty list where the key is not there.
    std::vector<std::string> strings(std::string_view key);

    /// An error at the value of a key, or at the object where it has none.
    InputError error(std::string_view key, std::string_view message) const;

    /// @throws InputError at the first key that nobody asked for, naming those that may be there.
    void finish() const;

  private:
    const Json& node_;
    std::vector<std::string> asked_;
};

}  // namespace clamproof
