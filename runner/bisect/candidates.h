/// The series that a bisection searches, as a person names it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "image/package_source.h"
#include "results/bisect_results.h"

namespace clamproof {

/// How the image's package manager sees packages.
struct PackageReader {
    /// As PackageSource::get: what a word stands for. @throws InputError, NotInstallable.
    std::function<std::vector<PackageFile>(const std::string& word)> get;
    /// Versions in their order, the lowest first, each once.
    std::function<std::vector<std::string>(const std::vector<std::string>& versions)> in_order;
};

/// The images that `--candidates` names; empty where it is about packages.
std::vector<std::string> named_images(const std::string& words);

/// What `--candidates` says:
///
///     FOLDER              each folder in it is a set of package files, else each package file; by version
///     image:A,B,…         images, in this order
///     packages:A,B,…      what a PackageSource understands, in this order
///     make:1-64:COMMAND   what the command makes of revisions 1 to 64 (make_packages)
///     set:FOLDER          the package files in it: none, the first, the first two, …, all of them together
///
/// Neighbours that hold the very same are one.
/// @param image over which packages are installed
/// @throws InputError where there are fewer than two, a folder holds none, or a file is no package for it.
std::vector<Candidate> read_candidates(const std::string& words, const std::string& image,
                                       const PackageReader& reader);

/// Those from one to another, both included, in that direction; by name, or by the version of a package that
/// no other has. Empty stands for the first and the last.
/// @throws InputError where there is none such, or the two are the same.
std::vector<Candidate> between(const std::vector<Candidate>& candidates, const std::string& from,
                               const std::string& to);

/// What was made into the folder before; nothing where it was not.
std::vector<PackageFile> made_before(const fs::path& folder);

/// Runs the command by a shell, with the revision as $REVISION and an empty folder for the package files as
/// $PACKAGES. The folder appears when all is made.
/// @throws NotInstallable where it fails or makes none, with its words: the revision cannot be told about.
std::vector<PackageFile> make_packages(const std::string& command, const std::string& revision,
                                       const fs::path& folder, const std::function<bool()>& cancelled);

}  // namespace clamproof
