#include "casefile/when.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "support/text.h"

namespace clamproof {
namespace {

bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/// Takes the digits at the front of a text, without leading zeros.
std::string_view take_number(std::string_view& text) {
    const auto end =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    std::string_view digits = text.substr(0, end);
    text.remove_prefix(end);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

/// The next number of a dotted row; empty (which is zero) past its end.
std::string_view take_part(std::string_view& text) {
    const std::string_view number = take_number(text);
    const bool more = text.size() > 1 && text[0] == '.' && is_digit(text[1]);
    text = more ? text.substr(1) : std::string_view();
    return number;
}

bool is_version(std::string_view text) {
    if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char byte) { return is_digit(byte) || byte == '.'; });
    return plain && text.find("..") == std::string_view::npos;
}

bool within(const std::string& op, int order) {
    if (op == "<") return order < 0;
    if (op == "<=") return order <= 0;
    if (op == ">") return order > 0;
    return order >= 0;
}

/// What a key of a `when` may be compared with.
struct Subject {
    bool is_version;
    std::vector<std::string> values;
};

Subject subject_of(const Json::Member& member, const Vocabulary& words) {
    const Matrix& matrix = words.matrix;
    if (const auto variant = matrix.find(member.key); variant != matrix.end())
        return {false, variant->second};
    std::vector<std::string> names;
    for (const Fact& fact : words.facts) {
        if (fact.name == member.key) return {fact.is_version, fact.values};
        names.push_back(fact.name);
    }
    for (const auto& [name, values] : matrix) names.push_back(name);
    throw InputError(
        fmt::format("{}: {}", member.position.text(),
                    unknown_word(matrix.empty() ? "fact" : "fact or variant", member.key, names)));
}

}  // namespace

int compare_versions(std::string_view left, std::string_view right) {
    while (!left.empty() || !right.empty()) {
        const std::string_view one = take_part(left);
        const std::string_view other = take_part(right);
        // Numbers without leading zeros: the longer is the greater, so none is too large to compare.
        if (one.size() != other.size()) return one.size() < other.size() ? -1 : 1;
        if (const int order = one.compare(other); order != 0) return order;
    }
    return 0;
}

bool When::Alternative::matches(const std::string& value) const {
    if (bounds.empty()) return value == text;
    if (value.empty() || !is_digit(value.front())) return false;  // "none" is no version
    return std::all_of(bounds.begin(), bounds.end(), [&](const Bound& bound) {
        return within(bound.op, compare_versions(value, bound.version));
    });
}

std::optional<When::Unmet> When::unmet(const Facts& facts, const Variant& variant) const {
    for (const Condition& condition : conditions_) {
        const auto chosen = variant.find(condition.key);
        const auto fact = facts.find(condition.key);
        const std::string* value = nullptr;
        if (chosen != variant.end()) {
            value = &chosen->second;
        } else if (fact != facts.end()) {
            value = &fact->second;
        }
        const auto matches = [&](const Alternative& one) { return one.matches(*value); };
        if (value && std::any_of(condition.any_of.begin(), condition.any_of.end(), matches)) continue;

        std::vector<std::string> texts;
        for (const Alternative& alternative : condition.any_of) texts.push_back(alternative.text);
        return Unmet{fmt::format("{} {}", condition.key, fmt::join(texts, " or ")),
                     value ? fmt::format("{} {}", condition.key, *value) : "no " + condition.key};
    }
    return std::nullopt;
}

std::vector<When::Bound> When::read_bounds(const Json& node) {
    const std::string& text = node.as_string();
    std::vector<Bound> bounds;
    if (text.find_first_of("<>=") != 0) return bounds;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        const std::size_t length = std::min(word.find_first_not_of("<>="), word.size());
        Bound bound{word.substr(0, length), word.substr(length)};
        const bool is_op = bound.op == "<" || bound.op == "<=" || bound.op == ">" || bound.op == ">=";
        if (!is_op || !is_version(bound.version))
            throw node.error(fmt::format(
                "\"{}\" is no version constraint; write one like \"<0.104\" or \">=1.0 <1.5\"", text));
        bounds.push_back(std::move(bound));
    }
    return bounds;
}

When read_when(const Json& node, const Vocabulary& words) {
    When when;
    for (const Json::Member& member : node.as_object("a condition")) {
        const Subject subject = subject_of(member, words);
        const auto read_one = [&](const Json& value) {
            const std::string& text = value.as_string(fmt::format("\"{}\"", member.key));
            When::Alternative one{text, When::read_bounds(value)};
            if (!one.bounds.empty() && !subject.is_version)
                throw value.error(fmt::format("\"{}\" is no version; it can only equal a word", member.key));
            const auto& values = subject.values;
            if (!values.empty() && std::find(values.begin(), values.end(), text) == values.end())
                throw value.error(unknown_word(member.key, text, values));
            if (text.empty()) throw value.error(fmt::format("\"{}\" must not be empty", member.key));
            return one;
        };
        When::Condition condition{member.key, {}};
        if (member.value.is_array()) {
            for (const Json& item : member.value.as_array()) condition.any_of.push_back(read_one(item));
            if (condition.any_of.empty())
                throw member.value.error(
                    fmt::format("\"{}\" lists no value, so nothing could match", member.key));
        } else {
            condition.any_of.push_back(read_one(member.value));
        }
        when.conditions_.push_back(std::move(condition));
    }
    return when;
}

}  // namespace clamproof
