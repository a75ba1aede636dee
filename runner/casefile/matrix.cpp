#include "casefile/matrix.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.h"

namespace clamproof {
namespace {

bool contains(const std::vector<std::string>& values, const std::string& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// The matrices of all cases laid together.
Matrix all_variants(const std::vector<Case>& cases) {
    Matrix all;
    for (const Case& one : cases)
        for (const auto& [name, values] : one.matrix)
            for (const std::string& value : values)
                if (!contains(all[name], value)) all[name].push_back(value);
    return all;
}

}  // namespace

VariantFilter read_variant_filter(const std::vector<std::string>& texts, const std::vector<Case>& cases) {
    const Matrix known = all_variants(cases);
    std::vector<std::string> names;
    for (const auto& [name, values] : known) names.push_back(name);

    VariantFilter filter;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
            throw InputError(fmt::format("\"{}\" picks no variant; write NAME=VALUE", text));
        const std::string name = text.substr(0, equals);
        const std::string value = text.substr(equals + 1);
        const auto found = known.find(name);
        if (found == known.end()) throw InputError(unknown_word("variant", name, names));
        if (!contains(found->second, value)) throw InputError(unknown_word(name, value, found->second));
        filter[name].push_back(value);
    }
    return filter;
}

std::vector<Variant> expand(const Matrix& matrix, const VariantFilter& filter) {
    const bool lacks_a_name = std::any_of(filter.begin(), filter.end(),
                                          [&](const auto& wanted) { return !matrix.contains(wanted.first); });
    if (lacks_a_name) return {};
    std::vector<Variant> variants = {{}};
    for (const auto& [name, values] : matrix) {
        const auto wanted = filter.find(name);
        std::vector<Variant> longer;
        for (const Variant& variant : variants) {
            for (const std::string& value : values) {
                if (wanted != filter.end() && !contains(wanted->second, value)) continue;
                longer.push_back(variant);
                longer.back()[name] = value;
            }
        }
        variants = std::move(longer);
    }
    return variants;
}

}  // namespace clamproof
