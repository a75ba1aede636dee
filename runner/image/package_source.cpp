#include "image/package_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <sstream>

#include "image/install.h"
#include "support/archive.h"
#include "support/error.h"
#include "support/files.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr double script_deadline = 900;  // of which a slow mirror may take most

// Exit codes of the scripts.
constexpr int refused = 2;
constexpr int no_way_to_install = 4;

struct Use {
    std::uint64_t bytes = 0;
    std::time_t last = 0;  ///< read, or made
};

// Of a file, or of all in a folder. What a server says of when a file was written says nothing of its use.
Use use_of(const fs::path& path) {
    Use use;
    const auto add = [&](const fs::path& file) {
        struct stat info {};
        if (::lstat(file.c_str(), &info) != 0) return;
        use.last = std::max({use.last, info.st_atime, info.st_ctime});
        use.bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
    };
    add(path);
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
        for (const auto& entry : fs::recursive_directory_iterator(path, ignored))
            if (!entry.is_directory(ignored)) add(entry.path());
    return use;
}

// Two builds of one definition may hold other versions.
std::string digest_of(const BuiltImage& image) {
    std::string all;
    for (const auto& [name, digest] : SealedFolder::digests(image.entry.folder)) all += digest + "\n";
    return sha256(all).substr(0, 16);
}

std::vector<std::string> lines_from(const std::string& doing, const ImageDefinition& image,
                                    const char* script, const std::vector<std::string>& arguments) {
    std::vector<std::string> argv = {"sh", "-eu", package_manager_script(image, script).string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return lines_of(run_checked(doing, {.argv = argv, .env = {{"LC_ALL", "C.UTF-8"}}}).out);
}

constexpr double packing_deadline = 60;
constexpr std::uint64_t largest_packed = std::uint64_t{64} << 20;
constexpr std::uint64_t largest = std::uint64_t{512} << 20;
constexpr const char* archive_in_guest = "/var/tmp/clamproof-database.tar.gz";

}  // namespace

PackageSource::PackageSource(const BuiltImage& image, const CopyDatabase& copy_database, LockWait wait,
                             const fs::path& kept)
    : definition_(image.definition),
      wait_(std::move(wait)),
      kept_(kept / definition_.package_manager),
      database_(kept_ / "databases" / fmt::format("{}-{}", image.entry.name, digest_of(image))) {
    if (definition_.package_manager.empty())
        throw InputError(fmt::format("{} names no package manager, so nothing can be installed over it",
                                     definition_.name));
    for (const char* script : {"database.sh", "fetch.sh", "describe.sh"})
        if (!fs::exists(package_manager_script(definition_, script)))
            throw InputError(fmt::format("packages for {} cannot be looked for yet: there is no {}",
                                         definition_.name,
                                         package_manager_script(definition_, script).string()));
    make_folder(kept_);
    const FileLock locked = lock();
    if (fs::exists(database_)) return;
    make_folder(database_.parent_path());
    TempDir copy(database_.parent_path(), ".copying-");
    copy_database(definition_, copy.path());
    fs::rename(copy.path(), database_);
    copy.keep();
}

FileLock PackageSource::lock() const {
    LockWait wait = wait_;
    wait.what = "the folder of downloaded packages is in use";
    return FileLock(kept_ / "lock", FileLock::Kind::Exclusive, wait);
}

std::vector<PackageFile> PackageSource::get(const PackageWish& wish) const {
    const FileLock locked = lock();
    std::vector<fs::path> files;
    for (const auto& word : wish.words) {
        std::error_code ignored;
        if (fs::is_regular_file(word, ignored)) {
            files.push_back(fs::absolute(word));
        } else {
            for (auto& file : fetch(word, wish)) files.push_back(std::move(file));
        }
    }
    return describe(files);
}

std::uint64_t PackageSource::forget(std::chrono::hours unread, const fs::path& kept) {
    const std::time_t since = std::time(nullptr) - std::chrono::seconds(unread).count();
    std::uint64_t bytes = 0;
    std::error_code ignored;
    for (const auto& family : fs::directory_iterator(kept, ignored)) {
        const auto lock = FileLock::try_lock(family.path() / "lock");
        if (!lock) continue;
        std::vector<fs::path> things;
        for (const auto& shelf : fs::directory_iterator(family.path(), ignored))
            for (const auto& thing : fs::directory_iterator(shelf.path(), ignored))
                things.push_back(thing.path());
        for (const auto& thing : things) {
            const Use use = use_of(thing);
            if (use.last > since) continue;
            bytes += use.bytes;
            remove_tree(thing);
        }
    }
    return bytes;
}

std::vector<fs::path> PackageSource::fetch(const std::string& word, const PackageWish& wish) const {
    std::error_code ignored;
    const bool folder = fs::is_directory(word, ignored);
    if (!folder && word.find('/') != std::string::npos)
        throw InputError(fmt::format("there is no file or folder {}", word));
    std::vector<std::string> below;
    for (const auto& package : wish.below) below.push_back(package.file.string());
    const std::string out = run(fmt::format("looking for {} for {}", word, definition_.name), "fetch.sh", {},
                                {{"WANTED", folder ? fs::absolute(word).string() : word},
                                 {"BELOW", fmt::format("{}", fmt::join(below, "\n"))},
                                 {"SCOPE", fmt::format("{}", fmt::join(wish.scope, " "))},
                                 {"SUITE", definition_.suite},
                                 {"POCKETS", fmt::format("{}", fmt::join(definition_.pockets, " "))}});
    const auto lines = lines_of(out);
    return {lines.begin(), lines.end()};
}

std::vector<PackageFile> PackageSource::describe(const std::vector<fs::path>& files) const {
    if (files.empty()) return {};
    const std::vector<std::string> names(files.begin(), files.end());
    const auto lines = lines_of(run("looking at package files", "describe.sh", names, {}));
    if (lines.size() != files.size())
        throw InfraError(
            fmt::format("looking at package files: {} of {} were described", lines.size(), files.size()));
    std::vector<PackageFile> packages;
    for (std::size_t i = 0; i < files.size(); ++i) {
        PackageFile package{.file = files[i], .name = {}, .version = {}};
        std::istringstream(lines[i]) >> package.name >> package.version;
        packages.push_back(std::move(package));
    }
    return packages;
}

std::string PackageSource::run(const std::string& doing, const char* script,
                               const std::vector<std::string>& arguments,
                               std::map<std::string, std::string> env) const {
    env.insert({{"CACHE", kept_.string()}, {"DATABASE", database_.string()}, {"LC_ALL", "C.UTF-8"}});
    std::vector<std::string> argv = {"sh", "-eu", package_manager_script(definition_, script).string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run_process({.argv = argv, .env = env, .deadline = script_deadline});
    if (result.ok()) return result.out;
    const std::string words = without_line_end(result.err);
    if (result.exit == refused) throw InputError(words);
    if (result.exit == no_way_to_install)
        throw NotInstallable(
            fmt::format("there is no way to install this on {}: {}", definition_.name, words));
    throw InfraError(fmt::format("{}: {} {}: {}", doing, script, result.how_it_ended(), words));
}

std::vector<std::string> versions_in_order(const ImageDefinition& image,
                                           const std::vector<std::string>& versions) {
    return lines_from("putting versions in order", image, "order.sh", versions);
}

std::vector<std::string> compare_packages(const ImageDefinition& image, const fs::path& before,
                                          const fs::path& after) {
    return lines_from("comparing package files", image, "compare.sh", {before.string(), after.string()});
}

void copy_package_database(Guest& guest, const ImageDefinition& image, const fs::path& folder) try {
    const ScriptResult result =
        guest.run({.text = fmt::format("set -eu\nARCHIVE={}\n{}", archive_in_guest,
                                       read_file(package_manager_script(image, "database.sh"))),
                   .deadline = packing_deadline});
    if (result.exit != 0)
        throw InfraError(result.timed_out ? "it takes too long" : without_line_end(result.err));
    TempDir work(fs::temp_directory_path(), "clamproof-database-");
    const fs::path archive = work.path() / "archive";
    write_file(archive, get(guest, archive_in_guest, largest_packed));
    unpack_files(archive, folder, largest);
} catch (const GuestLost&) {
    throw;
} catch (const std::runtime_error& error) {
    throw InfraError(fmt::format("reading the package database of {}: {}", image.name, error.what()));
}

}  // namespace clamproof
