/// Conditions on a guest: which facts and variants something is meant for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casefile/facts.h"
#include "casefile/ids.h"
#include "support/json_file.h"

namespace clamproof {

/// What a guest says about itself, e.g. lsm → selinux.
using Facts = std::map<std::string, std::string>;
/// The variants of a case: name → values, in the order of the file.
using Matrix = std::map<std::string, std::vector<std::string>>;

/// What a `when` may name. Holds references.
struct Vocabulary {
    const std::vector<Fact>& facts;
    const Matrix& matrix;
};

/// Compares the dotted numbers two versions begin with: less than 0, 0 or greater than 0. 0.103.10 is above
/// 0.103.9, 1.4 equals 1.4.0, and what follows the numbers ("+dfsg", "p3") does not count.
int compare_versions(std::string_view left, std::string_view right);

/// What all has to be so; nothing asked is always so.
class When {
  public:
    /// A condition that is not met, in words.
    struct Unmet {
        std::string wanted;  ///< "lsm selinux", "clamd <0.104", "init systemd or sysvinit"
        std::string found;   ///< "lsm apparmor"; "no lsm" where the guest does not tell it
    };

    bool empty() const { return conditions_.empty(); }
    /// A fact or variant that is not told never matches.
    bool holds(const Facts& facts, const Variant& variant) const { return !unmet(facts, variant); }
    std::optional<Unmet> unmet(const Facts& facts, const Variant& variant) const;

  private:
    friend When read_when(const Json& node, const Vocabulary& words);

    struct Bound {
        std::string op;  ///< <, <=, > or >=
        std::string version;
    };
    struct Alternative {
        std::string text;
        std::vector<Bound> bounds;  ///< none: the text itself is the value

        bool matches(const std::string& value) const;
    };
    struct Condition {
        std::string key;
        std::vector<Alternative> any_of;
    };
    static std::vector<Bound> read_bounds(const Json& node);

    std::vector<Condition> conditions_;
};

/// Reads `{ "lsm": "selinux", "clamd": ">=1.0 <1.5", "session": ["cron", "login"] }`.
/// @throws InputError at a key that is neither, a value that cannot be, or a broken version constraint.
When read_when(const Json& node, const Vocabulary& words);

}  // namespace clamproof
