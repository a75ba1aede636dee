#include "support/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "support/digest.h"
#include "support/error.h"

namespace clamproof {
namespace {

std::string reason() {
    return std::strerror(errno);
}

std::string advice(int error) {
    if (error == ENOSPC || error == EDQUOT)
        return "; free some space (clamproof gc) or set XDG_CACHE_HOME elsewhere";
    if (error == EACCES || error == EPERM) return "; run as a user who may write there";
    if (error == EROFS) return "; name another folder, by --out or XDG_CACHE_HOME";
    return "";
}

[[noreturn]] void cannot_write(const fs::path& path) {
    const int error = errno;
    throw InfraError(
        fmt::format("cannot write {}: {}{}", path.string(), std::strerror(error), advice(error)));
}

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : ".";
}

void write_and_rename(const fs::path& path, std::string_view content, int (*before_renaming)(int fd)) {
    std::string temporary = path.string() + ".XXXXXX";
    Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!fd) cannot_write(path);
    ::fchmod(fd.get(), 0644);
    if (write_all(fd.get(), content) && before_renaming(fd.get()) == 0 &&
        ::rename(temporary.c_str(), path.c_str()) == 0)
        return;
    const int error = errno;
    ::unlink(temporary.c_str());
    errno = error;
    cannot_write(path);
}

}  // namespace

void read_pieces(const fs::path& path, const std::function<void(std::string_view)>& take) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string buffer(1 << 16, '\0');
    for (;;) {
        const ssize_t n = fd ? ::read(fd.get(), buffer.data(), buffer.size()) : -1;
        if (fd && n < 0 && errno == EINTR) continue;
        if (n < 0) throw InfraError(fmt::format("cannot read {}: {}", path.string(), reason()));
        if (n == 0) return;
        take(std::string_view{buffer}.substr(0, static_cast<std::size_t>(n)));
    }
}

std::string read_file(const fs::path& path) {
    std::string content;
    read_pieces(path, [&](std::string_view piece) { content += piece; });
    return content;
}

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

void write_file(const fs::path& path, std::string_view content) {
    write_and_rename(path, content, [](int) { return 0; });
}

void write_file_durably(const fs::path& path, std::string_view content) {
    write_and_rename(path, content, sync_descriptor);
    sync_to_disk(folder_of(path));
}

int (*sync_descriptor)(int) = ::fsync;

void sync_to_disk(const fs::path& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || sync_descriptor(fd.get()) != 0) cannot_write(path);
}

void move_into_place(const fs::path& folder, const fs::path& place) {
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() || entry.is_directory()) sync_to_disk(entry.path());
    sync_to_disk(folder);
    rename_path(folder, place);
    sync_to_disk(folder_of(place));
}

void make_folder(const fs::path& path, fs::perms perms) {
    std::error_code error;
    if (fs::is_directory(path, error)) return;
    if (path.has_parent_path()) make_folder(path.parent_path(), perms);
    if (::mkdir(path.c_str(), static_cast<mode_t>(perms)) != 0 && errno != EEXIST) {
        const int code = errno;
        throw InfraError(
            fmt::format("cannot make the folder {}: {}{}", path.string(), std::strerror(code), advice(code)));
    }
}

void let_through(const fs::path& folder) {
    std::error_code error;
    fs::permissions(folder, fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add, error);
    if (error)
        throw InfraError(fmt::format("cannot change who may enter {}: {}", folder.string(), error.message()));
}

void rename_path(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) cannot_write(to);
}

void remove_tree(const fs::path& path) noexcept {
    std::error_code ignored;
    fs::remove_all(path, ignored);
}

std::uint64_t free_mib(const fs::path& path) {
    struct statvfs info {};
    if (::statvfs(path.c_str(), &info) != 0) return 0;
    return info.f_bavail * info.f_frsize >> 20;
}

void need_space(const std::string& doing, const fs::path& path, std::uint64_t mib) {
    if (const std::uint64_t there = free_mib(path); there < mib)
        throw InfraError(
            fmt::format("{} needs {} MiB in {}, which has {} MiB free; free some (clamproof gc) or set "
                        "XDG_CACHE_HOME elsewhere",
                        doing, mib, path.string(), there));
}

TempDir::TempDir(const fs::path& parent, const std::string& prefix) {
    std::string name = (parent / (prefix + "XXXXXX")).string();
    if (!::mkdtemp(name.data())) {
        const int code = errno;
        throw InfraError(fmt::format("cannot make a folder in {}: {}{}", parent.string(), std::strerror(code),
                                     advice(code)));
    }
    path_ = name;
}

TempDir::~TempDir() {
    if (!path_.empty()) remove_tree(path_);
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::move(other.path_)) {
    other.path_.clear();
}

TempDir& TempDir::operator=(TempDir&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

std::string sha256(std::string_view data) {
    Digest hash(DigestKind::Sha256);
    hash.add(data);
    return hash.hex();
}

std::string sha256_base64(std::string_view data) {
    Digest hash(DigestKind::Sha256);
    hash.add(data);
    const std::vector<unsigned char> bytes = hash.bytes();
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // and the NUL that is written after it
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string sha256_file(const fs::path& path) {
    return digest_file(path, DigestKind::Sha256);
}

fs::path cache_folder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache == '/')
        return fs::path(cache) / "clamproof";
    if (const char* home = std::getenv("HOME"); home && *home == '/')
        return fs::path(home) / ".cache/clamproof";
    const passwd* user = ::getpwuid(::getuid());
    return fs::path(user ? user->pw_dir : "/tmp") / ".cache/clamproof";
}

}  // namespace clamproof
