#include "image/transfer/transfer.h"

#include <fmt/format.h>

#include "image/snapshots.h"
#include "image/transfer/archive.h"
#include "support/archive.h"
#include "support/error.h"

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

}  // namespace

std::uint64_t export_image(const BuiltImage& image, const fs::path& file,
                           const std::function<bool()>& cancelled) {
    const StoreEntry& entry = image.entry;
    const FileLock lock(ImageStore(entry.folder.parent_path()).lock_file(entry.name));
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
    const FileLock lock(store.lock_file(image.name));
    if (find_ready(image, store, options.accelerator, ignore))
        return {.image = image.name, .digest = image.digest, .stored = false, .warm = true, .trouble = ""};
    store.need_space("importing " + image.name, (arrival.bytes() >> 20) + 1);
    const TempDir work(store.folder(), fmt::format(".{}.importing-", image.name));
    fs::permissions(work.path(), fs::perms{0755});
    const StoreEntry entry = arrival.unpack(work.path(), options.cancelled);
    const std::string trouble = kind_of(image).readiness(known_of(image, entry), options.accelerator).trouble;
    const bool warm = trouble.empty();
    // A cold image that is there already is as good as a cold one that comes.
    const bool stored = warm || !store.find(image, ignore);
    if (!warm) remove_tree(entry.folder / "warm");
    if (stored) {
        remove_tree(store.entry_folder(image));
        rename_path(work.path(), store.entry_folder(image));
    }
    return {.image = image.name, .digest = image.digest, .stored = stored, .warm = warm, .trouble = trouble};
}

}  // namespace clamproof
