/// What a run is to do.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "casefile/case.h"
#include "casefile/known.h"
#include "casefile/matrix.h"
#include "image/layer.h"
#include "results/results.h"

namespace clamproof {

struct Plan {
    std::vector<ImageDefinition> images;
    std::vector<Case> cases;
    VariantFilter variants;
    std::vector<Layer> layers{};  ///< done to every image
    std::vector<KnownProblem> known{};
    bool quick = false;  ///< of an image and case one variant for each verdict that is expected there
    std::vector<CellResult> done{};                ///< of the run that this one continues
    std::map<std::string, std::string> copy_of{};  ///< of cases that are copies: id → that of the original
    Called called{};                               ///< how the run was
    std::optional<std::set<CellId>> only{};        ///< the cells of this shard; none: all

    const Case& case_of(const CellId& cell) const;
    /// MiB of the largest of the images' guests.
    int largest_guest() const;
};

/// The cells of an image, in the order of the plan; all of them, also of a quick one.
std::vector<CellId> cells_of(const Plan& plan, const std::string& image);

/// Every cell of the plan, in its order.
std::vector<CellId> all_cells(const Plan& plan);

/// Those that stand for all: of each case the first variant for each verdict that is expected of a guest with
/// these facts, and of one that is skipped throughout the first.
std::vector<CellId> representative_cells(const Plan& plan, const std::vector<CellId>& cells,
                                         const Facts& facts);

}  // namespace clamproof
