/// Verdicts of earlier runs, by all that they depend on: $XDG_CACHE_HOME/clamproof/verdicts/KEY, a result a
/// line. Who asks the same of the same content again need not run it again, and goes on where it was
/// interrupted.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "casefile/case.h"
#include "results/judge.h"
#include "results/results.h"
#include "support/files.h"

namespace clamproof {

/// All that a cell's verdict depends on, but for chance.
struct VerdictKey {
    std::string image;                ///< digests of its definition and of what its build made
    std::string machine;              ///< SavedOrigin::key(): accelerator, QEMU and their like
    std::vector<std::string> stages;  ///< stage_key of each
    std::string subject;              ///< case_digest
    Variant variant;
    std::optional<Ends> ends;  ///< none: run to its verdict

    /// Hexadecimal, 64 digits.
    std::string text() const;
};

/// Over case.json, every script beside it, and the vocabulary of all cases.
/// @param library text of lib.sh @throws InfraError where a file cannot be read.
std::string case_digest(const Case& subject, const std::string& library);

class VerdictCache {
  public:
    explicit VerdictCache(fs::path folder = cache_folder() / "verdicts");

    /// What was kept, the oldest first. What another version wrote is nothing.
    std::vector<CellResult> find(const VerdictKey& key) const;

    /// Keeps a result beside those there are; an infra-error never, for it says nothing about the content.
    /// Logs and capsules it names belong to the run that made them, and are not kept.
    /// @throws InfraError.
    void keep(const VerdictKey& key, CellResult result) const;

    /// Removes what nobody asked for in a month. @returns how many keys.
    std::size_t forget() const;

  private:
    fs::path folder_;
};

}  // namespace clamproof
