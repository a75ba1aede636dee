/// Layers on their way to another process, with the digests of their packages: whoever gets one need not read
/// the files again.
#pragma once

#include <nlohmann/json.hpp>

#include "image/layer.h"

namespace clamproof {

nlohmann::json to_json(const Layer& layer);
/// @throws nlohmann::json::exception where it is none.
Layer layer_from_json(const nlohmann::json& json);

}  // namespace clamproof
