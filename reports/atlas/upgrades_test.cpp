#include "reports/atlas/upgrades.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/atlas/sample_test.h"
#include "results/upgrade_results.h"
#include "support/error.h"

namespace clamproof {
namespace {

using Words = std::vector<std::string>;

nlohmann::json atlas_with(const std::string& text) {
    Atlas atlas;
    for (const auto& upgrade : read_atlas_upgrades(text, "upgrade.json").list) atlas.add_upgrade(upgrade);
    return nlohmann::json::parse(atlas.json());
}

TEST(AtlasUpgrades, tell_what_became_of_each_case) {
    const auto json = atlas_with(upgrade_json(roof_upgrade()));
    ASSERT_EQ(json["upgrades"].size(), 1U);
    const auto& upgrade = json["upgrades"][0];
    const auto texts = [&](const nlohmann::json& numbers) {
        Words words;
        for (const auto& number : numbers) words.push_back(json["texts"][number.get<std::size_t>()]);
        return words;
    };
    EXPECT_EQ(json["guests"][upgrade["before"].get<std::size_t>()]["clamd"], "1.4.3");
    EXPECT_EQ(json["guests"][upgrade["after"].get<std::size_t>()]["clamd"], "1.4.6");
    EXPECT_EQ(texts(upgrade["packages"]), Words{"roof 1 → 2"});
    EXPECT_EQ(texts(upgrade["others"]), Words{"setting Gutter: no → yes"});
    EXPECT_EQ(texts(upgrade["not_taken"]), Words{"/etc/gate"});
    const auto& row = upgrade["rows"][0];
    EXPECT_EQ(row["case"], "leak");
    EXPECT_EQ(row["variant"], "rain");
    EXPECT_EQ(row["change"], "regressed");
    EXPECT_EQ(row["before"]["verdict"], "immune");
    EXPECT_EQ(row["after"]["verdict"], "fixed");
    EXPECT_EQ(texts(row["because"]), Words{"it was immune"});
    EXPECT_EQ(row["fixes"],
              nlohmann::json::parse(R"([{ "id": "bucket", "fate": "lost", "why": "it drips" }])"));
}

TEST(AtlasUpgrades, are_told_of_each_image_and_state_with_its_own_cases) {
    UpgradeResults results = roof_upgrade();
    results.images.push_back(results.images[0]);
    results.images[1].state = Before::AsShipped;
    results.images[1].facts_before.clear();
    results.rows.push_back(results.rows[0]);
    results.rows[1].state = Before::AsShipped;
    results.rows[1].case_id = "door";
    const auto upgrades = atlas_with(upgrade_json(results))["upgrades"];
    ASSERT_EQ(upgrades.size(), 2U);
    EXPECT_EQ(upgrades[0]["state"], "lived-in");
    ASSERT_EQ(upgrades[0]["rows"].size(), 1U);
    EXPECT_EQ(upgrades[0]["rows"][0]["case"], "leak");
    EXPECT_EQ(upgrades[1]["rows"][0]["case"], "door");
    EXPECT_EQ(upgrades[1]["before"], nullptr) << "its guest is not told";
}

TEST(AtlasUpgrades, those_that_tell_no_facts_are_read) {
    auto json = nlohmann::json::parse(upgrade_json(roof_upgrade()));
    json["images"][0].erase("facts_before");
    json["images"][0].erase("facts_after");
    const auto upgrade = atlas_with(json.dump())["upgrades"][0];
    EXPECT_EQ(upgrade["before"], nullptr);
    EXPECT_EQ(upgrade["rows"].size(), 1U);
}

TEST(AtlasUpgrades, one_that_is_given_twice_is_there_once) {
    Atlas atlas;
    for (int i = 0; i < 2; ++i)
        for (const auto& upgrade : read_atlas_upgrades(upgrade_json(roof_upgrade()), "upgrade.json").list)
            atlas.add_upgrade(upgrade);
    EXPECT_EQ(nlohmann::json::parse(atlas.json())["upgrades"].size(), 1U);
}

std::string of_another_version(std::string text) {
    const std::string version = fmt::format("\"version\": {}", upgrade_version);
    return text.replace(text.find(version), version.size(), R"("version": 99, "news": [ "of the future" ])");
}

TEST(AtlasUpgrades, of_another_version_are_read_as_far_as_they_are_known_and_named) {
    const auto read =
        read_atlas_upgrades(of_another_version(upgrade_json(roof_upgrade())), "web/upgrade.json");
    EXPECT_EQ(read.unread,
              fmt::format("web/upgrade.json: an upgrade of version 99 is read as far as version {} goes",
                          upgrade_version));
    ASSERT_EQ(read.list.size(), 1U);
    EXPECT_EQ(read.list[0].packages, Words{"roof 1 → 2"});
    EXPECT_EQ(read.list[0].rows[0].fixes[0].fate, "lost");
    EXPECT_EQ(read_atlas_upgrades(upgrade_json(roof_upgrade()), "upgrade.json").unread, "");
}

TEST(AtlasUpgrades, what_cannot_be_read_is_refused_by_name) {
    std::string broken = upgrade_json(roof_upgrade());
    broken.replace(broken.find("\"fate\""), 6, "\"luck\"");
    for (const std::string& text : {std::string("{}"), std::string("[ 1 ]"), std::string("a roof"), broken,
                                    std::string(R"({ "version": 99, "images": "all" })")}) {
        try {
            read_atlas_upgrades(text, "web/upgrade.json");
            FAIL() << text;
        } catch (const InputError& error) {
            EXPECT_TRUE(std::string(error.what()).starts_with("web/upgrade.json:")) << error.what();
        }
    }
}

}  // namespace
}  // namespace clamproof
