/// What a variant, a cell and an arm of it are called: one notion each, wherever they are named, sent or
/// stored.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace clamproof {

/// One combination of a case's matrix: name → value, e.g. session → cron. Empty for a case without a matrix.
using Variant = std::map<std::string, std::string>;

/// The values alone, in the order of their names: "initscript/cron" for launcher and session. Empty for no
/// variant.
std::string variant_name(const Variant& variant);

/// One image × case × variant.
struct CellId {
    std::string image;
    std::string case_id;
    Variant variant{};

    /// "image case variant".
    std::string text() const;
    auto operator<=>(const CellId&) const = default;
};

/// One of the arms that a cell is taken through. Each fix has one.
class ArmId {
  public:
    enum class Kind { Healthy, Failing, Control, Fix };

    static ArmId healthy() { return ArmId(Kind::Healthy, ""); }
    static ArmId failing() { return ArmId(Kind::Failing, ""); }
    static ArmId control() { return ArmId(Kind::Control, ""); }
    static ArmId fix(std::string id) { return ArmId(Kind::Fix, std::move(id)); }
    /// The arm that `text()` gives this for; none where there is no such arm.
    static std::optional<ArmId> from(std::string_view text);

    Kind kind() const { return kind_; }
    bool is_fix() const { return kind_ == Kind::Fix; }
    /// The fix's id; only an arm of a fix has one.
    const std::string& fix_id() const { return fix_; }
    /// "healthy", "failing", "control" or "fix:ID", as documents and options have it.
    std::string text() const;
    /// The same as the name of a folder: "fix-ID".
    std::string folder() const;
    auto operator<=>(const ArmId&) const = default;

  private:
    ArmId(Kind kind, std::string fix) : kind_(kind), fix_(std::move(fix)) {}

    Kind kind_;
    std::string fix_;
};

}  // namespace clamproof
