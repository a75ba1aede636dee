/// What upgrades did, for an atlas.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/atlas/parts.h"
#include "reports/page.h"

namespace clamproof {

/// What became of a case over an upgrade, in the words of upgrade.json.
struct AtlasUpgradeRow {
    struct Side {
        std::string verdict;
        int silent_misses = 0;
    };
    struct Fix {
        std::string id, fate, why;
    };
    std::string case_id, variant, change;
    std::vector<std::string> because;
    Side before, after;
    std::vector<Fix> fixes;
};

/// What an upgrade did to guests of an image.
struct AtlasUpgrade {
    std::string started{}, digest{};  ///< of upgrade.json
    std::vector<std::string> to{};    ///< as asked for
    std::string image{}, state{};
    std::optional<AtlasGuest> before{}, after{};  ///< none where it does not tell
    std::string not_installable{};  ///< the package manager's words; empty where packages install
    std::vector<std::string> not_taken{};
    std::vector<std::string> packages{};  ///< "clamd 1.4.3 → 1.4.6"
    std::vector<std::string> others{};    ///< what else differs, in sentences
    std::vector<AtlasUpgradeRow> rows{};
};

/// An upgrade.json as it is taken in.
struct AtlasUpgrades {
    std::vector<AtlasUpgrade> list;  ///< one for each image and state
    std::string unread;              ///< what could not be read of it, a sentence; empty where all was
};
/// @param text of an upgrade.json, which may be another clamproof's. @throws InputError where nothing of it
/// can be read.
AtlasUpgrades read_atlas_upgrades(std::string_view text, const std::string& name);

/// One of atlas.json's `upgrades`. @param number tells the guest's place in the list of guests
JsonOut json_of_upgrade(const AtlasUpgrade& upgrade, Texts& texts,
                        const std::function<std::size_t(const AtlasGuest&)>& number);

}  // namespace clamproof
