/// What runs now and what has ended, as the lines a terminal shows. Draws nothing itself: see progress.h.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/estimate.h"
#include "jobs/events.h"
#include "reports/layout.h"
#include "reports/summary.h"

namespace clamproof {

/// In characters.
struct TerminalSize {
    std::size_t columns = 80;
    std::size_t lines = 24;
};

class LiveTable {
  public:
    /// @param cells how many will run; 0 where nobody knows
    /// @param estimate of what the run takes
    LiveTable(std::size_t cells, Colour colour, Estimate estimate = Estimate())
        : cells_(cells), colour_(colour), estimate_(std::move(estimate)) {}

    /// @param now seconds since the run began
    void apply(const Event& event, double now);

    /// What ended since the last call, one line each, to scroll above the table. Skipped cells are only
    /// counted.
    std::vector<std::string> take_finished();

    /// A line of totals and a line for each image being built and each arm running; each shorter than the
    /// terminal is wide, all of them fewer than it has lines. Empty where nothing has begun yet.
    std::vector<std::string> rows(TerminalSize size, double now) const;

  private:
    struct RunningArm {
        std::string name;
        std::string doing;
        double since = 0;
    };
    /// A cell, or an image being built.
    struct Running {
        std::string image;
        std::string case_id;
        std::map<std::string, std::string> variant;
        std::string doing;
        double since = 0;
        std::vector<RunningArm> arms;
    };

    Running& running(const Event& event, double now);
    void remove(const Event& event);
    void remove_build(const std::string& image);
    static RunningArm& arm(Running& running, const Event& event, double now);
    static std::vector<std::vector<std::string>> cells_of(const Running& running, double now);
    std::string totals(double now) const;

    std::size_t cells_;
    Colour colour_;
    Estimate estimate_;
    Counts counts_;
    bool begun_ = false;
    std::vector<Running> running_;  ///< in the order in which they started; a handful at most
    std::vector<std::string> finished_;
};

}  // namespace clamproof
