#include "image/build/package_pool.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "support/error.h"

namespace clamproof {
namespace {

// On another file system there are no links.
void link_or_copy(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_hard_link(from, to, error);
    if (error == std::errc::file_exists) return;  // another build was quicker
    if (error) fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
    if (error)
        throw InfraError(
            fmt::format("cannot copy {} to {}: {}", from.string(), to.string(), error.message()));
}

// A folder is not changed while it is read.
std::vector<fs::path> pooled_files(const fs::path& folder) {
    std::vector<fs::path> files;
    if (!fs::exists(folder)) return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) files.push_back(entry.path());
    return files;
}

void remove_quietly(const fs::path& file) {
    std::error_code ignored;  // another process was quicker
    fs::remove(file, ignored);
}

bool is_of_this_user(const fs::path& file) {
    struct stat info {};
    return ::lstat(file.c_str(), &info) == 0 && info.st_uid == ::geteuid();
}

std::string digest_in_name(const fs::path& pooled) {
    const std::string extension = pooled.extension();
    return extension.empty() ? "" : extension.substr(1);
}

}  // namespace

std::string archive_prefix(const std::string& package, const std::string& version) {
    std::string name = package + "_";
    for (char c : version) name += c == ':' ? "%3a" : std::string(1, c);
    return name + "_";
}

PackagePool::PackagePool(const std::string& suite, const fs::path& pools) : folder_(pools / suite) {
    make_folder(folder_);
}

void PackagePool::lend(const fs::path& folder) const {
    make_folder(folder);
    for (const auto& pooled : pooled_files(folder_)) {
        if (is_of_this_user(pooled) && sha256_file(pooled) == digest_in_name(pooled))
            link_or_copy(pooled, folder / pooled.stem());
        else
            remove_quietly(pooled);
    }
}

std::size_t PackagePool::keep(const fs::path& folder, const VouchedPackages& vouched) const {
    std::size_t kept = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".deb") continue;
        const std::string name = entry.path().filename();
        const auto known = vouched.find(name.substr(0, name.rfind('_') + 1));
        if (known == vouched.end()) continue;  // lent, and not asked for
        const std::string digest = sha256_file(entry.path());
        const fs::path pooled = folder_ / fmt::format("{}.{}", name, digest);
        if (digest != known->second) {
            remove_quietly(pooled);
            throw InfraError(
                fmt::format("{} is not the one that the archive has under that name now; "
                            "it was kept from a former build, and is removed: build again",
                            name));
        }
        if (fs::exists(pooled)) continue;
        link_or_copy(entry.path(), pooled);
        ++kept;
    }
    return kept;
}

std::uint64_t PackagePool::remove_others(const std::set<std::string>& digests, const fs::path& pools) {
    std::uint64_t bytes = 0;
    for (const auto& pooled : pooled_files(pools)) {
        if (digests.contains(digest_in_name(pooled))) continue;
        bytes += fs::file_size(pooled);
        remove_quietly(pooled);
    }
    return bytes;
}

}  // namespace clamproof
