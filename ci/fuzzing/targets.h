/// What is fuzzed: every parser of bytes that somebody else wrote.
#pragma once

#include <string_view>
#include <vector>

namespace clamproof::fuzzing {

struct Target {
    std::string_view name;  ///< of its folder in ci/fuzzing/corpus
    /// Parses the bytes, and aborts where a promise of the parser's is broken. Refusing them is no fault.
    /// @throws InputError, InfraError.
    void (*parse)(std::string_view bytes);
};

const std::vector<Target>& targets();

/// Runs a target; any other exception than these two leaves it. @returns false where it refused the bytes.
bool run(const Target& target, std::string_view bytes);

}  // namespace clamproof::fuzzing
