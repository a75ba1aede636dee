/// What a case says is to be seen while it fails, beside the failing itself.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "casefile/pattern.h"
#include "casefile/when.h"
#include "support/json_reader.h"

namespace clamproof {

/// A kind of denial: a record has to equal whatever is given (see Denial in results/results.h).
struct DenialPattern {
    std::optional<std::string> lsm = {};
    std::optional<std::string> comm = {};
    std::optional<std::string> object = {};  ///< "class" in the file: SELinux's class, AppArmor's operation
    std::optional<std::string> permission = {};
    std::optional<std::string> source = {};
    std::optional<std::string> target = {};
    std::optional<std::string> path = {};
    std::optional<int> port = {};

    /// "denial lsm=selinux comm=clamd permission=name_bind"; "denial" where nothing is given.
    std::string text() const;
};

/// One thing that must hold in the failing arm.
struct Evidence {
    enum class Kind {
        Denial,    ///< `denial`, at least `at_least` times
        NoDenial,  ///< no such denial
        Shows,     ///< `script` prints something that matches `output`
    };

    Kind kind = Kind::Denial;
    When when;
    DenialPattern denial;  ///< Denial, NoDenial
    int at_least = 1;      ///< Denial
    std::string script;    ///< Shows
    std::optional<Pattern> output;

    /// "denial comm=clamd, at least 900 times", "no denial comm=clamd", "evidence.sh shows /regex/"
    std::string text() const;
};

/// @throws InputError with the place of what is wrong, a missing script included.
Evidence read_evidence(const Json& node, const Vocabulary& words, const std::filesystem::path& folder);

/// Reads a regular expression. @throws InputError with its place where it does not compile.
Pattern read_pattern(ObjectReader& reader, std::string_view key);

/// Reads the name of a script, which has to be a file of the case's own folder and not empty.
std::string read_script(ObjectReader& reader, std::string_view key, const std::filesystem::path& folder);
std::optional<std::string> read_optional_script(ObjectReader& reader, std::string_view key,
                                                const std::filesystem::path& folder);

}  // namespace clamproof
