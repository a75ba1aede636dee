/// Files and folders on the host.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "support/fd.h"

namespace clamproof {

namespace fs = std::filesystem;

/// @throws InfraError naming the file and the reason.
std::string read_file(const fs::path& path);

/// Reads a file piece by piece. @throws as above, and what `take` throws.
void read_pieces(const fs::path& path, const std::function<void(std::string_view)>& take);

/// Writes all of a text to a descriptor; false, with errno, where that fails.
bool write_all(int fd, std::string_view content);

/// Writes through a temporary name beside it and a rename, so that a reader never sees half a file.
/// @throws InfraError naming the file, the reason and what to do.
void write_file(const fs::path& path, std::string_view content);

/// The same for what has to be there after a power cut: it is then as it was before, or as it is now.
void write_file_durably(const fs::path& path, std::string_view content);

/// Returns once a file's content, or the names in a folder, are on the disk. @throws InfraError.
void sync_to_disk(const fs::path& path);
/// What sync_to_disk asks of the system, fsync(2). Tests put another one in its place.
extern int (*sync_descriptor)(int fd);

/// Makes a folder and its parents. @throws InfraError.
void make_folder(const fs::path& path, fs::perms perms = fs::perms::owner_all);

/// Lets other users reach what is in a folder by its name, though not look what there is.
/// @throws InfraError.
void let_through(const fs::path& folder);

/// Gives a file or folder another name on the same file system, over a file that has it.
/// @throws InfraError naming the new name, the reason and what to do.
void rename_path(const fs::path& from, const fs::path& to);

/// Gives a folder that is complete its place, where nothing is. After a power cut it is there as a whole, or
/// not at all. @throws InfraError.
void move_into_place(const fs::path& folder, const fs::path& place);

/// Removes a folder and all in it; what cannot be removed stays, silently. Never follows a link.
void remove_tree(const fs::path& path) noexcept;

/// MiB free for this user on the file system of `path`.
std::uint64_t free_mib(const fs::path& path);

/// @param doing "building NAME". @throws InfraError where fewer MiB than that are free.
void need_space(const std::string& doing, const fs::path& path, std::uint64_t mib);

/// A folder with a unique name that goes away with its owner.
class TempDir {
  public:
    /// @param parent must exist; @param prefix of the name. @throws InfraError.
    TempDir(const fs::path& parent, const std::string& prefix);
    ~TempDir();
    TempDir(TempDir&& other) noexcept;
    TempDir& operator=(TempDir&& other) noexcept;

    const fs::path& path() const { return path_; }
    /// Leaves the folder in place.
    void keep() { path_.clear(); }

  private:
    fs::path path_;
};

/// Hexadecimal SHA-256.
std::string sha256(std::string_view data);
/// SHA-256 in Base64, as content security policies have it.
std::string sha256_base64(std::string_view data);
/// @throws InfraError where the file cannot be read.
std::string sha256_file(const fs::path& path);

/// $XDG_CACHE_HOME/clamproof, or ~/.cache/clamproof.
fs::path cache_folder();

}  // namespace clamproof
