#include "image/transfer/transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "guest/overlay.h"
#include "image/kind.h"
#include "image/saved_state.h"
#include "image/snapshots.h"
#include "support/archive.h"
#include "support/error.h"
#include "support/json_reader.h"

namespace clamproof {
namespace {

Manifest manifest_of(const BuiltImage& image) {
    const StoreEntry& entry = image.entry;
    Manifest manifest{.image = entry.name, .digest = entry.digest, .warm = image.origin.key(), .files = {}};
    auto digests = SealedFolder::digests(entry.folder);
    for (const auto& [name, digest] : SealedFolder::digests(entry.warm(manifest.warm)))
        digests["warm/" + manifest.warm + "/" + name] = digest;
    for (const auto& name : names_of_export(manifest.warm)) {
        const fs::path path = entry.folder / name;
        const auto sealed = digests.find(name);
        manifest.files.push_back({.name = name,
                                  .bytes = fs::file_size(path),
                                  .sha256 = sealed == digests.end() ? sha256_file(path) : sealed->second});
    }
    return manifest;
}

Manifest read_manifest(ArchiveReader& reader, const fs::path& file) {
    const std::string text = first_member(reader, manifest_name);
    if (text.empty())
        throw InputError(fmt::format("{} is not a file that clamproof image export has made", file.string()));
    return manifest_from_json(text, fmt::format("{} in {}", manifest_name, file.string()));
}

ImageDefinition definition_for(const Manifest& manifest, const fs::path& file, const Folders& images) {
    if (!is_defined(images, manifest.image))
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

std::uint64_t export_image(const BuiltImage& image, const fs::path& file,
                           const std::function<bool()>& cancelled) {
    const StoreEntry& entry = image.entry;
    const Manifest manifest = manifest_of(image);
    const TempDir work(file.has_parent_path() ? file.parent_path() : ".", ".exporting-");
    const fs::path unfinished = work.path() / "image";
    ArchiveWriter writer(unfinished);
    writer.add(manifest_name, manifest_to_json(manifest));
    for (const auto& each : manifest.files) writer.add_file(each.name, entry.folder / each.name, cancelled);
    writer.close();
    const std::uint64_t bytes = fs::file_size(unfinished);
    rename_path(unfinished, file);
    return bytes;
}

Imported import_image(const fs::path& file, const ImageStore& store, const ImportOptions& options) {
    ExportedImage arrival(file, options.images);
    const ImageDefinition& image = arrival.definition();
    const auto ignore = [](const std::string&) {};
    const StoreEntry place{.name = image.name, .digest = image.digest, .folder = store.entry_folder(image)};
    std::optional<FileLock> making, claim;
    bool cold_is_there = false;
    while (!claim) {
        making.emplace(store.making(image.name));
        if (find_ready(image, store, options.accelerator, ignore))
            return {
                .image = image.name, .digest = image.digest, .stored = false, .warm = true, .trouble = ""};
        cold_is_there = store.find(image, ignore).has_value();
        claim = store.try_claim(place);
        if (claim) break;
        making.reset();  // who uses it may be about to make something of it
        store.claim(place);
    }
    need_space("importing " + image.name, store.folder(), (arrival.bytes() >> 20) + 1);
    const TempDir work(store.folder(), fmt::format(".{}.importing-", image.name));
    fs::permissions(work.path(), fs::perms{0755});
    const StoreEntry entry = arrival.unpack(work.path(), options.cancelled);
    const std::string trouble = kind_of(image).readiness(known_of(image, entry), options.accelerator).trouble;
    const bool warm = trouble.empty();
    // A cold image that is there already is as good as a cold one that comes.
    const bool stored = warm || !cold_is_there;
    if (!warm) remove_tree(entry.folder / "warm");
    if (stored) {
        remove_tree(place.folder);
        move_into_place(work.path(), place.folder);
    }
    return {.image = image.name, .digest = image.digest, .stored = stored, .warm = warm, .trouble = trouble};
}

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
