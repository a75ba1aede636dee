#include "image/layer_json.h"

namespace clamproof {

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
