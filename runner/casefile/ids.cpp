#include "casefile/ids.h"

#include <utility>

namespace clamproof {
namespace {

constexpr std::string_view of_fix = "fix";
constexpr std::pair<ArmId::Kind, std::string_view> plain_arms[] = {
    {ArmId::Kind::Healthy, "healthy"}, {ArmId::Kind::Failing, "failing"}, {ArmId::Kind::Control, "control"}};

std::string_view name_of(ArmId::Kind kind) {
    for (const auto& [known, name] : plain_arms)
        if (known == kind) return name;
    return of_fix;
}

}  // namespace

std::string CellId::text() const {
    return image + " " + case_id + " " + variant_name(variant);
}

std::optional<ArmId> ArmId::from(std::string_view text) {
    for (const auto& [kind, name] : plain_arms)
        if (text == name) return ArmId(kind, "");
    if (!text.starts_with(of_fix) || text.size() < of_fix.size() + 2 || text[of_fix.size()] != ':')
        return std::nullopt;
    return fix(std::string(text.substr(of_fix.size() + 1)));
}

std::string ArmId::text() const {
    return std::string(name_of(kind_)) + (is_fix() ? ":" + fix_ : "");
}

std::string ArmId::folder() const {
    return std::string(name_of(kind_)) + (is_fix() ? "-" + fix_ : "");
}

std::string variant_name(const std::map<std::string, std::string>& variant) {
    std::string name;
    for (const auto& [key, value] : variant) name += (name.empty() ? "" : "/") + value;
    return name;
}

}  // namespace clamproof
