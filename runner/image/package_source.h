/// From what a person names as packages to package files on this host, and what can be told of these. Which
/// archives there are and how they are asked is the business of scripts in package-managers/NAME/ below the
/// image's definition:
///
///     database.sh   makes an archive of what the guest's package manager knows
///     fetch.sh      folder, suite or version → package files, with what they need
///     describe.sh   package files → name and version; refuses what the guest could never install
///     order.sh      puts versions in order
///     compare.sh    tells what differs between two package files
///     mirrors.sh    brings what fetch.sh lacks, from the archives of this host's own package manager
///
/// The first is run in a guest, the others on this host: guests have no way out. Whoever reads what a guest
/// or an archive wrote is in a sandbox and has no network; whoever has the network understands nothing of it.
/// So fetch.sh does not download: it ends with 5 and prints what it lacks, a line each, is run again when
/// that is there, and goes further. A line has four fields, separated by tabs: a place in $CACHE/downloads
/// (64 hexadecimal digits and a file's name), its SHA-256 or "-", the bytes it may have, and addresses, of
/// which the first that gives it will do. Where a family has a mirrors.sh, its archives are this host's, and
/// it is given these lines, at first none, with the host's settings, rights and network, and nothing of the
/// guest's. Elsewhere the addresses are the guest's: clamproof itself downloads them, from public addresses
/// alone, unless they are among those that $CLAMPROOF_MIRRORS replaces.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "image/download/download.h"
#include "image/snapshots.h"
#include "results/results.h"
#include "support/file_lock.h"

namespace clamproof {

/// What is wanted of a PackageSource.
struct PackageWish {
    /// Package files; folders of them, with an index or without; suites; versions.
    std::vector<std::string> words;
    /// Which packages a suite, version or indexed folder is asked for; "all": whatever is installed. Empty:
    /// those that are made from the same source as clamd.
    std::vector<std::string> scope{};
    /// Packages that are installed over the image before these are.
    std::vector<PackageFile> below{};
};

/// Copies what a guest of an image knows of its packages into an empty folder. @throws InfraError.
using CopyDatabase = std::function<void(const ImageDefinition& image, const fs::path& folder)>;

/// For one image. Lists and downloads are kept in a folder, which one process at a time works in.
class PackageSource {
  public:
    /// @param image is built @param copy_database asked once for a build @param wait whom a wait for another
    /// process tells, and what ends it @param kept what a call leaves to the next @throws InfraError.
    PackageSource(const BuiltImage& image, const CopyDatabase& copy_database, LockWait wait = {},
                  const fs::path& kept = cache_folder() / "archives");

    /// Empty where the image has all of it already.
    /// @throws InputError where something does not exist, is damaged or meant for another kind of guest;
    /// NotInstallable where it exists, and the package manager knows no way to install it; InfraError.
    std::vector<PackageFile> get(const PackageWish& wish) const;

    /// Removes what no call has read for a time: databases, lists and downloads.
    /// @returns bytes
    static std::uint64_t forget(std::chrono::hours unread = std::chrono::days(30),
                                const fs::path& kept = cache_folder() / "archives");

  private:
    FileLock lock() const;
    std::vector<fs::path> fetch(const std::string& word, const PackageWish& wish) const;
    std::vector<PackageFile> describe(const std::vector<fs::path>& files) const;
    /// @param lines of fetch.sh, which lacks these @param asked what is looked for
    void bring(const std::string& doing, const std::string& lines,
               const std::map<std::string, std::string>& asked, DownloadOptions& bounds) const;

    const ImageDefinition& definition_;
    LockWait wait_;
    fs::path kept_;
    fs::path database_;
};

/// The lowest first, each once. @throws InfraError.
std::vector<std::string> versions_in_order(const ImageDefinition& image,
                                           const std::vector<std::string>& versions);

/// Lines about files, maintainer scripts and changelog entries. @throws InfraError.
std::vector<std::string> compare_packages(const ImageDefinition& image, const fs::path& before,
                                          const fs::path& after);

/// Copies what the guest's package manager knows, and what it goes by, from a running guest into an empty
/// folder on this host: whatever its script database.sh puts into an archive there. So it does not matter
/// which file system the guest is on, or whether it has a disk at all.
/// @throws GuestLost, InfraError where it cannot be had, or is more than a package database is.
void copy_package_database(Guest& guest, const ImageDefinition& image, const std::filesystem::path& folder);

}  // namespace clamproof
