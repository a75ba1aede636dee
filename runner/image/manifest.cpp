#include "image/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "image/warm_state.h"
#include "support/error.h"
#include "support/json_reader.h"

namespace clamproof {
namespace {

constexpr int format = 1;
constexpr std::int64_t largest_file = std::int64_t{1} << 40;

std::string hexadecimal(ObjectReader& reader, const char* key, std::size_t digits) {
    std::string text = reader.string(key);
    if (text.size() != digits || text.find_first_not_of("0123456789abcdef") != std::string::npos)
        throw reader.error(key, fmt::format("\"{}\" has to be {} hexadecimal digits", key, digits));
    return text;
}

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
    nlohmann::ordered_json files = nlohmann::ordered_json::array();
    for (const auto& file : manifest.files)
        files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    const nlohmann::ordered_json json = {{"clamproof_image", format},
                                         {"image", manifest.image},
                                         {"digest", manifest.digest},
                                         {"warm", manifest.warm},
                                         {"files", files}};
    return json.dump(1) + "\n";
}

Manifest manifest_from_json(const std::string& text, const std::string& name) {
    const Json root = parse_json(text, name);
    ObjectReader reader(root, "the manifest");
    if (const auto found = reader.integer("clamproof_image", 1, 1 << 20); found != format)
        throw reader.error("clamproof_image",
                           fmt::format("is of format {}; this clamproof reads {}", found, format));
    Manifest manifest;
    manifest.image = reader.string("image");
    manifest.digest = hexadecimal(reader, "digest", 16);
    manifest.warm = hexadecimal(reader, "warm", 16);
    const Json& files = reader.at("files");
    for (const Json& node : files.as_array("\"files\"")) {
        ObjectReader file(node, "a file");
        ManifestFile read;
        read.name = file.string("name");
        read.bytes = static_cast<std::uint64_t>(file.integer("bytes", 0, largest_file));
        read.sha256 = hexadecimal(file, "sha256", 64);
        file.finish();
        manifest.files.push_back(read);
    }
    reader.finish();
    const auto expected = names_of_export(manifest.warm);
    if (!std::equal(manifest.files.begin(), manifest.files.end(), expected.begin(), expected.end(),
                    [](const ManifestFile& file, const std::string& wanted) { return file.name == wanted; }))
        throw files.error("these are not the files of an exported image");
    return manifest;
}

}  // namespace clamproof
