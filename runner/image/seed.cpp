#include "image/seed.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "support/iso_image.h"

namespace clamproof {
namespace {

constexpr const char* label = "CIDATA";  // by which cloud-init finds it

bool is_left_out(const fs::path& path, const std::vector<std::string>& leave_out) {
    return std::any_of(leave_out.begin(), leave_out.end(), [&](const fs::path& left) {
        return std::mismatch(left.begin(), left.end(), path.begin(), path.end()).first == left.end();
    });
}

// Path in the guest → file here; of two trees the later one counts.
std::map<fs::path, fs::path> files_of(const ImageDefinition& image) {
    std::map<fs::path, fs::path> files;
    for (const auto& tree : image.files) {
        const fs::path root = image.folder / "files" / tree;
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            const fs::path path = fs::relative(entry.path().parent_path(), root) / entry.path().filename();
            if (!fs::is_directory(entry.symlink_status()) &&
                !is_left_out(path.lexically_normal(), image.leave_out))
                files[path.lexically_normal()] = entry.path();
        }
    }
    return files;
}

void add_files(IsoImage& seed, const ImageDefinition& image) {
    for (const auto& [path, file] : files_of(image)) {
        const std::string name = "files/" + path.string();
        const auto status = fs::symlink_status(file);
        const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
        if (fs::is_symlink(status))
            seed.add_link(name, fs::read_symlink(file));
        else
            seed.add(name, read_file(file), executable ? 0755 : 0644);
    }
}

}  // namespace

void write_seed(const fs::path& file, const ImageDefinition& image) {
    IsoImage seed(file, label);
    seed.add("meta-data", fmt::format("instance-id: clamproof-{}\nlocal-hostname: guest\n", image.digest));
    seed.add("user-data", read_file(image.folder / "cloud" / "bootstrap.sh"), 0755);
    seed.add("provision.sh",
             read_file(image.folder / "package-managers" / image.package_manager / "provision.sh"), 0755);
    seed.add("first-packages", fmt::format("{}\n", fmt::join(image.cloud->first_packages, " ")));
    add_files(seed, image);
    seed.close();
}

}  // namespace clamproof
