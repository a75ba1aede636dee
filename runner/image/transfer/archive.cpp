#include "image/transfer/archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "guest/overlay.h"
#include "image/kind.h"
#include "image/saved_state.h"
#include "support/error.h"
#include "support/json_reader.h"

namespace clamproof {
namespace {

Manifest read_manifest(ArchiveReader& reader, const fs::path& file) {
    const std::string text = first_member(reader, manifest_name);
    if (text.empty())
        throw InputError(fmt::format("{} is not a file that clamproof image export has made", file.string()));
    return manifest_from_json(text, fmt::format("{} in {}", manifest_name, file.string()));
}

ImageDefinition definition_for(const Manifest& manifest, const fs::path& file, const Folders& images) {
    const auto names = image_names(images);
    if (std::find(names.begin(), names.end(), manifest.image) == names.end())
        throw InputError(fmt::format("{} holds the image {}, which {} does not define", file.string(),
                                     manifest.image, images.text()));
    ImageDefinition image = load_image(images, manifest.image);
    if (!kind_of(image).can_be_exported())
        throw InputError(fmt::format("{} cannot hold {}: images of containers do not travel", file.string(),
                                     manifest.image));
    if (image.digest != manifest.digest)
        throw InputError(fmt::format(
            "{} holds {} of another definition ({}) than {} has now ({}), so it is not "
            "used: run clamproof image build {}, and export it again",
            file.string(), manifest.image, manifest.digest, images.text(), image.digest, manifest.image));
    return image;
}

// @returns whether reports can be written from it later.
bool good_lock(const StoreEntry& entry) {
    try {
        const auto lock = nlohmann::json::parse(read_file(entry.lock_file()));
        for (const auto& package : lock.at("packages"))
            if (!package.at("name").is_string() || !package.at("version").is_string()) return false;
        return lock.at("image") == entry.name && lock.at("digest") == entry.digest;
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

constexpr int manifest_format = 1;

}  // namespace

ExportedImage::ExportedImage(const fs::path& file, const Folders& images)
    : file_(file),
      reader_(file),
      manifest_(read_manifest(reader_, file)),
      definition_(definition_for(manifest_, file, images)) {}

StoreEntry ExportedImage::unpack(const fs::path& folder, const std::function<bool()>& cancelled) {
    for (const auto& file : manifest_.files) unpack_next(reader_, file, folder, file_, cancelled);
    if (reader_.next()) throw spoilt(file_, "holds more than its manifest names");
    const StoreEntry entry{.name = manifest_.image, .digest = manifest_.digest, .folder = folder};
    check(entry);
    seal(folder);
    return entry;
}

void ExportedImage::check(const StoreEntry& entry) const {
    const fs::path warm = entry.warm(manifest_.warm);
    check_disk(entry.disk(), "");
    check_disk(warm / "disk.qcow2", "../../disk.qcow2");
    if (!good_lock(entry)) throw spoilt(file_, "holds a lock.json that is not of this image");
    const std::string place = fmt::format("{} in {}", origin_name, file_.string());
    if (origin_from_json(read_file(warm / origin_name), place).key() != manifest_.warm)
        throw spoilt(file_, "holds a warm state that does not tell what it was saved by");
}

// A disk that lies on, or keeps its data in, another file would let the guest read that file.
void ExportedImage::check_disk(const fs::path& disk, const std::string& below) const {
    if (disk_below(disk) != below)
        throw spoilt(file_, "holds a disk that reaches for files that are not the image's");
}

void ExportedImage::seal(const fs::path& folder) const {
    std::map<std::string, std::string> own, warm;
    const std::string below = "warm/" + manifest_.warm + "/";
    for (const auto& file : manifest_.files) {
        if (file.name.starts_with(below)) {
            warm[file.name.substr(below.size())] = file.sha256;
        } else if (file.name != "facts") {
            own[file.name] = file.sha256;
        }
    }
    SealedFolder::seal_known(folder / below, warm);
    SealedFolder::seal_known(folder, own);
}

std::uint64_t Manifest::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& file : files) sum += file.bytes;
    return sum;
}

std::vector<std::string> names_of_export(const std::string& warm_key) {
    const std::string warm = "warm/" + warm_key + "/";
    return {"lock.json",         "facts",        std::string(warm) + origin_name,
            "vmlinuz",           "initrd",       "disk.qcow2",
            warm + "disk.qcow2", warm + "memory"};
}

std::string manifest_to_json(const Manifest& manifest) {
    const nlohmann::ordered_json json = {{"clamproof_image", manifest_format},
                                         {"image", manifest.image},
                                         {"digest", manifest.digest},
                                         {"warm", manifest.warm},
                                         {"files", packed_files_to_json(manifest.files)}};
    return json.dump(1) + "\n";
}

Manifest manifest_from_json(const std::string& text, const std::string& name) {
    const Json root = parse_json(text, name);
    ObjectReader reader(root, "the manifest");
    check_format(reader, "clamproof_image", manifest_format);
    Manifest manifest;
    manifest.image = reader.string("image");
    manifest.digest = hexadecimal(reader, "digest", 16);
    manifest.warm = hexadecimal(reader, "warm", 16);
    manifest.files = packed_files_from_json(reader.at("files"), names_of_export(manifest.warm),
                                            "these are not the files of an exported image");
    reader.finish();
    return manifest;
}

}  // namespace clamproof
