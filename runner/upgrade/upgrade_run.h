/// Every case before and after an upgrade, on guests as they are shipped and on guests that somebody has
/// lived in.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "casefile/matrix.h"
#include "image/definition.h"
#include "image/package_source.h"
#include "jobs/dispatcher.h"
#include "results/upgrade_results.h"

namespace clamproof {

/// What is to be upgraded.
struct UpgradeOrder {
    std::vector<ImageDefinition> images;
    std::vector<Case> cases;
    VariantFilter variants;         ///< empty: one variant a case, see `representative`
    std::vector<std::string> from;  ///< packages of the state before (PackageWish::words); empty: the image's
    std::vector<std::string> to;    ///< packages that are upgraded to
    std::vector<std::string> scope;  ///< as of a PackageWish
    std::string
        lived_in;  ///< script that makes an image a guest that somebody uses; empty: there are none of these
    std::string inventory;  ///< script that prints a guest's inventory
    Called called{};        ///< how the upgrade was
};

enum class UpgradeSide { Before, After, Fixes };
/// "before", "after", "fixes"
std::string_view to_string(UpgradeSide side);

struct UpgradeHooks {
    std::function<void(const Event&)> on_event;  ///< a cell's case has its side's name behind it
    /// As PackageSource::get, for an image that is built.
    std::function<std::vector<PackageFile>(const ImageDefinition&, const PackageWish&)> find_packages;
    /// The folder for what is saved of a cell's guests.
    std::function<std::string(Before, UpgradeSide, const CellId&)> evidence_folder;
};

/// @param results gets host, images, rows, skipped and interrupted; what is done when interrupted is kept
/// @throws InputError where the packages are not what could be installed, or nothing would change;
/// InfraError.
void run_upgrade(const UpgradeOrder& order, Dispatcher& dispatcher, const UpgradeHooks& hooks,
                 UpgradeResults& results);

/// The variant that stands for a case where none was asked for: the first that is expected to fail and be
/// fixed, or else the first that is not skipped. @returns nothing where all are skipped
std::optional<Variant> representative(const Case& subject, const Facts& facts);

}  // namespace clamproof
