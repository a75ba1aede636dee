/// One failure as data (cases/NAME/case.json), and all of some folders.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casefile/evidence.h"
#include "casefile/ids.h"
#include "casefile/pattern.h"
#include "casefile/verdict.h"
#include "casefile/when.h"
#include "support/folders.h"

namespace clamproof {

/// How long a fix lasts, by its documentation.
enum class Survives { Nothing, Restart, Reboot };
std::string_view to_string(Survives survives);

/// When a fix takes effect: as it is applied, or with clamd's next restart.
enum class TakesEffect { Now, AfterRestart };

/// A documented cure. Scripts are file names within the case's folder.
struct Fix {
    std::string id;
    std::string documented;  ///< in the words of its documentation
    When when;
    std::string apply;
    std::string undo;  ///< empty where the fix survives nothing
    std::optional<std::string> verify;
    std::vector<std::string> changes;  ///< globs of what it may change: "file /etc/clamav/*"
    TakesEffect takes_effect = TakesEffect::Now;
    Survives survives = Survives::Nothing;

    /// Whether it promises to be there later at all.
    bool is_to_last() const { return survives != Survives::Nothing; }
};

/// Cells that are left out, and why.
struct SkipRule {
    When when;
    std::string because;
};

struct Expectation {
    When when;
    Verdict verdict = Verdict::Fixed;
    std::string because;  ///< empty where the case gives no reason
    int line = 0;         ///< of case.json, where it begins
};

struct Case {
    std::string id;  ///< the name of its folder
    std::filesystem::path folder;
    std::string title;
    std::string story;
    std::string source;
    std::vector<Fact> facts;  ///< that its conditions may name: told by every guest, and of its own
    When needs;               ///< "requires" in the file: facts
    Matrix matrix;
    std::vector<SkipRule> skip;
    std::optional<std::string> setup;
    std::string trigger;
    std::string took;  ///< succeeds only while the fault is in place
    std::string probe;
    std::optional<std::string> restart;  ///< none where the case starts nothing
    Pattern symptom;
    std::vector<Evidence> evidence;
    std::vector<ArmId> unconfined;
    double deadline = 60;  ///< of each script, in seconds on a host with KVM
    std::vector<Fix> fixes;
    std::vector<Expectation> expect;

    /// Whether clamd is rightly not confined in an arm.
    bool may_be_unconfined(const ArmId& arm) const;
};

/// Reads and checks a case: every key known, every named file there, every expression compiled.
/// @param told the facts that every guest tells of itself
/// @throws InputError naming the place.
Case load_case(const std::filesystem::path& folder, const std::vector<Fact>& told);

/// What the case expects of a cell: the first expectation that matches; null where it says nothing.
const Expectation* expected(const Case& subject, const Facts& facts, const Variant& variant);

/// Why a cell cannot be run: "needs lsm selinux; this guest has lsm apparmor", or what the case says. None
/// where it can.
std::optional<std::string> why_skipped(const Case& subject, const Facts& facts, const Variant& variant);

/// The fixes that are meant for a cell.
std::vector<const Fix*> fixes_for(const Case& subject, const Facts& facts, const Variant& variant);

/// Every case of some folders, sorted by id. Folders without a case.json are no cases.
/// @param told the facts that every guest tells of itself
/// @throws InputError at the first broken case, where a folder is missing or holds none, or where two folders
/// hold a case of one name.
std::vector<Case> load_cases(const Folders& folders, const std::vector<Fact>& told);

/// The shared vocabulary (lib.sh) of a case: that of its own folder of cases, else the first of the others.
/// @throws InputError where there is none.
std::string library_of(const Folders& folders, const Case& subject);

/// How recipes write that vocabulary out (plain.sh), found in the same way. Empty where there is none.
std::string plain_words_of(const Folders& folders, const Case& subject);

/// The cases whose id matches any of the shell patterns, all where there is none, in their order.
/// @throws InputError where a pattern matches no case, naming the ids.
std::vector<Case> select_cases(const std::vector<Case>& cases, const std::vector<std::string>& patterns);

}  // namespace clamproof
