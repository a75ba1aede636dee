/// How long a run will still take, by what its cells took before.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "jobs/event.h"

namespace clamproof {

class Estimate {
  public:
    /// @param seconds that each cell is expected to take, empty: nobody knows
    /// @param workers side by side
    explicit Estimate(std::map<CellId, double> seconds = {}, int workers = 1)
        : left_(std::move(seconds)), workers_(workers) {}

    /// @param now seconds since the run began
    void apply(const Event& event, double now);

    /// Seconds; none where nobody knows, or while an image is being made, of which nothing is remembered.
    std::optional<double> left(double now) const;

  private:
    std::map<CellId, double> left_;
    std::map<CellId, double> since_;   ///< cells that run
    std::set<std::string> preparing_;  ///< images
    int workers_;
};

}  // namespace clamproof
