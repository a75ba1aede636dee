/// The packages that builds have downloaded: $XDG_CACHE_HOME/clamproof/packages/SUITE/NAME.deb.SHA256. What
/// one build fetched the next does not fetch again.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "support/files.h"

namespace clamproof {

/// What an archive vouches for: `archive_prefix` → hexadecimal SHA-256.
using VouchedPackages = std::map<std::string, std::string>;

/// How the file of a package begins in apt's cache: "cron_1%3a3.0_".
std::string archive_prefix(const std::string& package, const std::string& version);

class PackagePool {
  public:
    explicit PackagePool(const std::string& suite, const fs::path& pools = cache_folder() / "packages");

    /// Links every package into a folder, under the name that apt looks for. Removes what is damaged, and
    /// what another user put there: it would be unpacked as root.
    /// @throws InfraError.
    void lend(const fs::path& folder) const;

    /// Keeps the packages of a folder that it has not.
    /// @returns how many those are.
    /// @throws InfraError naming a package that was lent and is not what the archive vouches for today (apt
    /// compares only sizes); it is lent no more.
    std::size_t keep(const fs::path& folder, const VouchedPackages& vouched) const;

    /// Removes what has none of these digests from all pools.
    /// @returns bytes
    static std::uint64_t remove_others(const std::set<std::string>& digests,
                                       const fs::path& pools = cache_folder() / "packages");

  private:
    fs::path folder_;
};

}  // namespace clamproof
