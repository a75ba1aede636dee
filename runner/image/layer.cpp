#include "image/layer.h"

#include <fmt/format.h>

#include <cstdint>
#include <system_error>

#include "support/error.h"

namespace clamproof {

PackageSet read_packages(const std::vector<std::string>& files) {
    constexpr std::uint64_t largest_mib = 256;
    PackageSet packages;
    for (const auto& name : files) {
        const fs::path file = name;
        std::error_code error;
        if (fs::is_directory(file, error))
            throw InputError(fmt::format("{} is a folder; name the package files in it", name));
        if (!fs::is_regular_file(file, error))
            throw InputError(fmt::format("there is no package file {}", name));
        const auto bytes = fs::file_size(file);
        if (bytes == 0) throw InputError(fmt::format("the package file {} is empty", name));
        if (bytes >> 20 >= largest_mib)
            throw InputError(fmt::format("the package file {} has more than {} MiB", name, largest_mib));
        if (!packages.digests.emplace(file.filename().string(), sha256_file(file)).second)
            throw InputError(fmt::format("two package files are named {}", file.filename().string()));
        packages.files.push_back(file);
    }
    return packages;
}

std::string layer_key(const ImageDefinition& image, const Layer& layer) {
    std::string all;
    for (const auto& [name, digest] : layer.packages.digests) all += digest + " " + name + "\n";
    all += image.installed_by;
    if (!layer.script.empty()) all += sha256(layer.script) + "\n";
    for (const Fact& fact : image.asked) all += fmt::format("{} {}\n", fact.question(), fact.name);
    return sha256(all).substr(0, 16);
}

nlohmann::json to_json(const Layer& layer) {
    nlohmann::json files = nlohmann::json::array();
    for (const auto& file : layer.packages.files) files.push_back(file.string());
    return {{"files", files},
            {"digests", layer.packages.digests},
            {"script", layer.script},
            {"kept", layer.keep == Keep::InStore}};
}

Layer layer_from_json(const nlohmann::json& json) {
    Layer layer{.packages = {.files = {}, .digests = json.at("digests")},
                .script = json.at("script"),
                .keep = json.at("kept").get<bool>() ? Keep::InStore : Keep::ForThisJob};
    for (const auto& file : json.at("files")) layer.packages.files.emplace_back(file.get<std::string>());
    return layer;
}

}  // namespace clamproof
