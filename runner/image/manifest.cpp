#include "image/manifest.h"

#include <nlohmann/json.hpp>

#include "image/saved_state.h"
#include "support/json_reader.h"

namespace clamproof {
namespace {

constexpr int manifest_format = 1;

}  // namespace

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
