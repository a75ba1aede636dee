#include "image/store.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/error.h"

namespace clamproof {
namespace {

constexpr const char* seal_name = "seal";

// What changes with every write, and with a copy or a swap of the file.
std::string stamp_of(const fs::path& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return "";
    return fmt::format("{}-{}-{}.{}-{}.{}", info.st_size, info.st_ino, info.st_mtim.tv_sec,
                       info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
}

struct SealedFile {
    std::string digest, stamp, name;
};

std::vector<SealedFile> read_seal(const fs::path& folder) {
    std::vector<SealedFile> files;
    std::istringstream text(read_file(folder / seal_name));
    for (SealedFile file; text >> file.digest >> file.stamp >> file.name;) files.push_back(file);
    return files;
}

std::string seal_text(const std::vector<SealedFile>& files) {
    std::string text;
    for (const auto& file : files) text += fmt::format("{} {} {}\n", file.digest, file.stamp, file.name);
    return text;
}

fs::path making_file(const fs::path& store, const std::string& image) {
    return store / fmt::format(".{}.lock", image);
}

fs::path use_file(const StoreEntry& entry) {
    return entry.folder.parent_path() / fmt::format(".{}.use", entry.folder.filename().string());
}

LockWait wait_because(LockWait wait, std::string what) {
    wait.what = std::move(what);
    return wait;
}

// What comes from elsewhere may be for its own user alone: an initrd, memory that libvirt has saved, all that
// an earlier clamproof built.
// Of an image that was set aside.
constexpr std::string_view former_suffix = ".former";
fs::path former_of(const StoreEntry& entry) {
    return entry.folder.string() + std::string(former_suffix);
}

void let_all_read(const fs::path& folder) {
    std::error_code ignored;
    fs::permissions(folder, for_all_to_read, fs::perm_options::add, ignored);
    // Another process may be renaming what it has saved.
    for (auto at = fs::recursive_directory_iterator(folder, ignored); at != fs::end(at);
         at.increment(ignored)) {
        const auto wanted = at->is_directory(ignored) ? for_all_to_read : fs::perms{0644};
        if ((at->status(ignored).permissions() & wanted) != wanted)
            fs::permissions(at->path(), wanted, fs::perm_options::add, ignored);
    }
}

}  // namespace

void SealedFolder::seal(const fs::path& folder, const std::vector<std::string>& names) {
    std::map<std::string, std::string> digests;
    for (const auto& name : names) digests[name] = sha256_file(folder / name);
    seal_known(folder, digests);
}

void SealedFolder::seal_known(const fs::path& folder, const std::map<std::string, std::string>& digests) {
    let_all_read(folder);
    std::vector<SealedFile> files;
    for (const auto& [name, digest] : digests)
        files.push_back({.digest = digest, .stamp = stamp_of(folder / name), .name = name});
    write_file(folder / seal_name, seal_text(files));
}

std::map<std::string, std::string> SealedFolder::digests(const fs::path& folder) {
    std::map<std::string, std::string> digests;
    for (const auto& file : read_seal(folder)) digests[file.name] = file.digest;
    return digests;
}

std::string SealedFolder::damage(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(folder / seal_name, ignored)) return fmt::format("{} has no seal", folder.string());
    std::vector<SealedFile> files = read_seal(folder);
    if (files.empty()) return fmt::format("the seal of {} is empty", folder.string());
    bool restamped = false;
    for (auto& file : files) {
        const fs::path path = folder / file.name;
        const std::string stamp = stamp_of(path);
        if (stamp.empty()) return fmt::format("{} is missing", path.string());
        if (stamp == file.stamp) continue;
        if (sha256_file(path) != file.digest)
            return fmt::format("{} is not what it was when it was made", path.string());
        file.stamp = stamp;
        restamped = true;
    }
    if (restamped) write_file_durably(folder / seal_name, seal_text(files));
    return "";
}

std::uint64_t StoreEntry::size_mib() const {
    std::uint64_t bytes = 0;
    std::error_code ignored;
    for (const auto& file : fs::recursive_directory_iterator(folder, ignored)) {
        struct stat info {};
        if (::stat(file.path().c_str(), &info) == 0 && S_ISREG(info.st_mode))
            bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
    }
    return bytes >> 20;
}

fs::path failed_build_folder(const std::string& image) {
    return cache_folder() / "failed-builds" / image;
}

ImageStore::ImageStore(fs::path folder, LockWait wait) : folder_(std::move(folder)), wait_(std::move(wait)) {
    make_folder(folder_.parent_path());
    make_folder(folder_, for_all_to_read);
    std::error_code not_ours;
    fs::permissions(folder_, for_all_to_read, fs::perm_options::add, not_ours);
}

fs::path ImageStore::entry_folder(const ImageDefinition& image) const {
    return folder_ / fmt::format("{}-{}", image.name, image.digest);
}

StoreEntry ImageStore::entry_of(const ImageDefinition& image) const {
    return {.name = image.name, .digest = image.digest, .folder = entry_folder(image)};
}

FileLock ImageStore::making(const std::string& image) const {
    return FileLock(making_file(folder_, image), FileLock::Kind::Exclusive,
                    wait_because(wait_, fmt::format("{} is being built or changed", image)));
}

std::optional<FileLock> ImageStore::try_making(const std::string& image) const {
    return FileLock::try_lock(making_file(folder_, image));
}

FileLock ImageStore::claim(const StoreEntry& entry) const {
    return FileLock(use_file(entry), FileLock::Kind::Exclusive,
                    wait_because(wait_, fmt::format("{} is in use", entry.name)));
}

std::optional<FileLock> ImageStore::try_claim(const StoreEntry& entry) const {
    return FileLock::try_lock(use_file(entry));
}

std::string ImageStore::users(const StoreEntry& entry) const {
    return holders_of(use_file(entry));
}

std::shared_ptr<const FileLock> ImageStore::use(const StoreEntry& entry) const {
    return std::make_shared<FileLock>(
        use_file(entry), FileLock::Kind::Shared,
        wait_because(wait_, fmt::format("{} is being removed or replaced", entry.name)));
}

std::optional<StoreEntry> ImageStore::find(const ImageDefinition& image,
                                           const std::function<void(const std::string&)>& say) const {
    StoreEntry entry = entry_of(image);
    std::error_code ignored;
    if (!fs::is_directory(entry.folder, ignored)) return std::nullopt;
    entry.use = use(entry);
    if (!fs::is_directory(entry.folder, ignored)) return std::nullopt;
    let_all_read(entry.folder);
    const std::string damage = SealedFolder::damage(entry.folder);
    if (damage.empty()) return entry;
    entry.use.reset();
    if (const auto claimed = try_claim(entry); !claimed) {
        say(fmt::format("the stored image {} is damaged, and stays while {} uses it: {}", image.name,
                        users(entry), damage));
        return std::nullopt;
    } else if (!SealedFolder::damage(entry.folder).empty()) {  // nobody was quicker
        say(fmt::format("the stored image {} is damaged and is built again: {}", image.name, damage));
        remove_tree(entry.folder);
        return std::nullopt;
    }
    return find(image, say);
}

void ImageStore::need_room(const ImageDefinition& image) const {
    const StoreEntry entry = entry_of(image);
    if (std::error_code ignored; fs::exists(entry.folder, ignored))
        throw InfraError(
            fmt::format("the stored image {} is damaged and cannot be replaced while {} uses it; try again "
                        "when that has ended",
                        image.name, users(entry)));
}

StoreEntry ImageStore::take_in(const fs::path& made, const ImageDefinition& image) const {
    StoreEntry entry = entry_of(image);
    entry.use = use(entry);
    move_into_place(made, entry.folder);
    return entry;
}

bool ImageStore::set_aside(const ImageDefinition& image) const {
    making(image.name);  // what is being built now goes aside, too
    const StoreEntry entry = entry_of(image);
    std::error_code ignored;
    if (fs::is_directory(entry.folder, ignored)) {
        const FileLock claimed = claim(entry);
        remove_tree(former_of(entry));
        rename_path(entry.folder, former_of(entry));
    }
    return fs::is_directory(former_of(entry), ignored);  // also where somebody was interrupted
}

std::optional<StoreEntry> ImageStore::restore(const ImageDefinition& image) const {
    const FileLock making_it = making(image.name);
    return restore_held(entry_of(image));
}

// By whoever holds `making`.
std::optional<StoreEntry> ImageStore::restore_held(StoreEntry entry) const {
    std::error_code ignored;
    if (fs::is_directory(entry.folder, ignored)) {
        remove_tree(former_of(entry));
        return std::nullopt;
    }
    if (!fs::is_directory(former_of(entry), ignored)) return std::nullopt;
    rename_path(former_of(entry), entry.folder);
    entry.use = use(entry);
    return entry;
}

std::vector<StoreEntry> ImageStore::restore_interrupted() const {
    std::vector<StoreEntry> restored;
    for (const auto& former : entries_named(former_suffix))
        if (const auto making_it = try_making(former.name))
            if (auto entry = restore_held(former)) restored.push_back(*std::move(entry));
    return restored;
}

std::vector<StoreEntry> ImageStore::entries() const {
    return entries_named("");
}

// Of folders NAME-DIGEST and the suffix, which is no part of what they are entries of.
std::vector<StoreEntry> ImageStore::entries_named(std::string_view suffix) const {
    std::vector<StoreEntry> found;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        std::string name = entry.path().filename();
        if (!entry.is_directory() || name.starts_with('.') ||
            name.ends_with(former_suffix) != !suffix.empty())
            continue;
        name.resize(name.size() - suffix.size());
        const auto dash = name.rfind('-');
        if (dash == std::string::npos) continue;
        found.push_back(
            {.name = name.substr(0, dash), .digest = name.substr(dash + 1), .folder = folder_ / name});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.folder < b.folder; });
    return found;
}

fs::path ImageStore::some_kernel() const {
    for (const auto& entry : entries())
        if (fs::exists(entry.kernel())) return entry.kernel();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/boot", ignored))
        if (entry.path().filename().string().starts_with("vmlinuz") &&
            ::access(entry.path().c_str(), R_OK) == 0)
            return entry.path();
    return {};
}

std::set<std::string> ImageStore::package_digests() const {
    std::set<std::string> digests;
    for (const auto& entry : entries()) {
        if (!fs::exists(entry.lock_file())) continue;
        const auto lock = nlohmann::json::parse(read_file(entry.lock_file()), nullptr, false);
        if (!lock.is_object() || !lock.contains("packages")) continue;
        for (const auto& package : lock["packages"]) digests.insert(package.value("sha256", ""));
    }
    return digests;
}

}  // namespace clamproof
