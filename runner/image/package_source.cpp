#include "image/package_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <sstream>
#include <utility>

#include "image/download/wanted_file.h"
#include "image/install.h"
#include "support/archive.h"
#include "support/clock.h"
#include "support/confined.h"
#include "support/error.h"
#include "support/files.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr double looking_deadline = 300;
constexpr double downloading_deadline = 900;
constexpr std::uint64_t largest_downloads = std::uint64_t{4} << 30;
constexpr int most_rounds = 8;  // lists of mirrors, indexes, what these list, keys, packages

// Exit codes of the scripts.
constexpr int refused = 2;
constexpr int no_way_to_install = 4;
constexpr int lacking = 5;

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

// Runs a script of an image's family on what the guest or an archive wrote.
ProcessResult run_on_untrusted(const ImageDefinition& image, const char* script,
                               const std::vector<std::string>& arguments,
                               const std::map<std::string, std::string>& env,
                               std::vector<fs::path> readable) {
    const fs::path file = fs::absolute(package_manager_script(image, script));
    readable.push_back(file.parent_path());
    ProcessOptions options{.argv = {"sh", "-eu", file.string()}, .env = env, .deadline = looking_deadline};
    options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
    options.env.insert({"LC_ALL", "C.UTF-8"});
    return run_in_sandbox(std::move(options), readable);
}

// @returns what it printed
std::string told(const ImageDefinition& image, const std::string& doing, const char* script,
                 const ProcessResult& result) {
    if (result.ok()) return result.out;
    const std::string words = without_line_end(result.err);
    if (result.exit == refused) throw InputError(words);
    if (result.exit == no_way_to_install)
        throw NotInstallable(fmt::format("there is no way to install this on {}: {}", image.name, words));
    throw InfraError(fmt::format("{}: {} {}: {}", doing, script, result.how_it_ended(), words));
}

// What is looked at in a sandbox, where this process's user is another one.
void let_all_read(const fs::path& folder) {
    const auto let_read = [](const fs::path& path, bool is_folder) {
        const auto perms = fs::perms::group_read | fs::perms::others_read |
                           (is_folder ? fs::perms::group_exec | fs::perms::others_exec : fs::perms::none);
        fs::permissions(path, perms, fs::perm_options::add);
    };
    let_read(folder, true);
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (!entry.is_symlink()) let_read(entry.path(), entry.is_directory());
}

// A person's file, or folder, as an absolute path.
fs::path readable_by_all(const fs::path& path) {
    const fs::perms needed =
        fs::perms::others_read | (fs::is_directory(path) ? fs::perms::others_exec : fs::perms::none);
    if (::geteuid() == 0 && (fs::status(path).permissions() & needed) != needed)
        throw InputError(fmt::format(
            "{0} is not everybody's to read, and packages are not looked at as root: chmod -R a+rX {0}",
            path.string()));
    return fs::absolute(path).lexically_normal();
}

bool is_below(const fs::path& file, const fs::path& folder) {
    return !file.lexically_relative(folder).empty() && *file.lexically_relative(folder).begin() != "..";
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
            files.push_back(readable_by_all(word));
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
    std::vector<fs::path> readable = {kept_};
    std::vector<std::string> below;
    for (const auto& package : wish.below)
        below.push_back(readable.emplace_back(readable_by_all(package.file)).string());
    if (folder) readable.push_back(readable_by_all(word));
    const char* mirrors = std::getenv("CLAMPROOF_MIRRORS");
    const std::map<std::string, std::string> asked = {
        {"WANTED", folder ? readable.back().string() : word},
        {"SUITE", definition_.suite},
        {"POCKETS", fmt::format("{}", fmt::join(definition_.pockets, " "))},
        {"CACHE", kept_.string()}};
    std::map<std::string, std::string> env = {{"BELOW", fmt::format("{}", fmt::join(below, "\n"))},
                                              {"SCOPE", fmt::format("{}", fmt::join(wish.scope, " "))},
                                              {"DATABASE", database_.string()},
                                              {"CLAMPROOF_MIRRORS", mirrors ? mirrors : ""}};
    env.insert(asked.begin(), asked.end());

    const std::string doing = fmt::format("looking for {} for {}", word, definition_.name);
    DownloadOptions bounds{.largest_bytes = largest_downloads, .cancelled = wait_.cancelled};
    ProcessResult result;
    for (int round = 0; round == 0 || result.exit == lacking; ++round) {
        if (round == most_rounds)
            throw InfraError(fmt::format("{}: fetch.sh has asked for files {} times", doing, round));
        bring(doing, result.out, asked, bounds);
        let_all_read(kept_);
        result = run_on_untrusted(definition_, "fetch.sh", {}, env, readable);
    }
    std::vector<fs::path> files;
    for (const fs::path line : lines_of(told(definition_, doing, "fetch.sh", result))) {
        const fs::path& file = files.emplace_back(line.lexically_normal());
        const fs::path& place = folder ? readable.back() : kept_;
        if (!is_below(file, place) && !is_below(file, kept_))
            throw InfraError(
                fmt::format("{}: fetch.sh names {}, which it was not to look for", doing, file.string()));
    }
    return files;
}

void PackageSource::bring(const std::string& doing, const std::string& lines,
                          const std::map<std::string, std::string>& asked, DownloadOptions& bounds) const {
    const auto files = wanted_files(lines);
    const fs::path mirrors = package_manager_script(definition_, "mirrors.sh");
    if (fs::exists(mirrors)) {
        ProcessOptions options{.argv = {"sh", "-eu", mirrors.string()},
                               .env = asked,
                               .input = lines,
                               .deadline = downloading_deadline,
                               .cancelled = wait_.cancelled};
        options.env.insert({"LC_ALL", "C.UTF-8"});
        told(definition_, doing, "mirrors.sh", run_process(options));
        return;
    }
    const Deadline deadline = Deadline::in(downloading_deadline);
    for (const auto& file : files) {
        bounds.longest_seconds = deadline.seconds_left();
        bounds.largest_bytes -= download_wanted(file, kept_ / "downloads", bounds);
    }
}

std::vector<PackageFile> PackageSource::describe(const std::vector<fs::path>& files) const {
    if (files.empty()) return {};
    const std::vector<std::string> names(files.begin(), files.end());
    let_all_read(database_);
    std::vector<fs::path> readable = files;
    readable.push_back(database_);
    const auto lines = lines_of(told(
        definition_, "looking at package files", "describe.sh",
        run_on_untrusted(definition_, "describe.sh", names, {{"DATABASE", database_.string()}}, readable)));
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

std::vector<std::string> versions_in_order(const ImageDefinition& image,
                                           const std::vector<std::string>& versions) {
    return lines_of(told(image, "putting versions in order", "order.sh",
                         run_on_untrusted(image, "order.sh", versions, {}, {})));
}

std::vector<std::string> compare_packages(const ImageDefinition& image, const fs::path& before,
                                          const fs::path& after) {
    return lines_of(
        told(image, "comparing package files", "compare.sh",
             run_on_untrusted(image, "compare.sh", {before.string(), after.string()}, {}, {before, after})));
}

void copy_package_database(Guest& guest, const ImageDefinition& image, const fs::path& folder) try {
    const ScriptResult result =
        guest.run({.text = fmt::format("set -eu\nARCHIVE={}\n{}", archive_in_guest,
                                       read_file(package_manager_script(image, "database.sh"))),
                   .deadline = packing_deadline});
    if (result.exit != 0) throw InfraError(result.timed_out ? "it takes too long" : one_line(result.err));
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
