#include "image/layer_json.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(LayerJson, IsTheSameAfterItsJourney) {
    for (const Layer& layer : {Layer{}, Layer{.packages = {}, .script = "echo \"x\"\n"},
                               Layer{.packages = {.files = {"/tmp/it's here/b.deb", "a.deb"},
                                                 .digests = {{"a.deb", "beef"}, {"b.deb", "cafe"}}},
                               .keep = Keep::ForThisJob}})
        EXPECT_EQ(layer_from_json(nlohmann::json::parse(to_json(layer).dump())), layer);
}

// The files need not be there: nobody reads them.
TEST(LayerJson, CarriesWhatItsKeyIsMadeOf) {
    const ImageDefinition image;
    const Layer layer{.packages = {.files = {"nowhere/a.deb"}, .digests = {{"a.deb", "beef"}}}};
    Layer other = layer;
    other.packages.digests["a.deb"] = "cafe";
    EXPECT_EQ(layer_key(image, layer_from_json(to_json(layer))), layer_key(image, layer));
    EXPECT_NE(layer_key(image, layer_from_json(to_json(other))), layer_key(image, layer));
}

TEST(LayerJson, WhatIsNoLayerIsRefused) {
    EXPECT_THROW(layer_from_json({{"script", "true"}}), nlohmann::json::exception);
    EXPECT_THROW(layer_from_json("true"), nlohmann::json::exception);
}

}  // namespace
}  // namespace clamproof
