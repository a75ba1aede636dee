/// What runs now and what has ended, as the lines a terminal shows. Draws nothing itself: see progress.h.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cli/progress.h"
#include "jobs/event.h"
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
        ArmId id;
        std::string doing;
        double since = 0;
    };
    struct RunningCell {
        CellId cell;
        double since = 0;
        std::vector<RunningArm> arms;
    };
    struct RunningBuild {
        std::string image;
        std::string doing;
        double since = 0;
    };
    /// In columns: age, image, case, variant, arm, and what is done, which needs no width.
    using Row = std::vector<std::string>;

    void note(const BuildStep& step, double now);
    RunningCell& running(const CellId& cell, double now);
    RunningArm& arm(const CellId& cell, const ArmId& arm, double now);
    void end_build(const std::string& image);
    void end_cell(const CellId& cell);
    std::vector<Row> table(double now) const;
    std::string totals(double now) const;

    std::size_t cells_;
    Colour colour_;
    Estimate estimate_;
    Counts counts_;
    bool begun_ = false;
    // In the order in which they started; a handful at most.
    std::vector<RunningBuild> builds_;
    std::vector<RunningCell> running_;
    std::vector<std::string> finished_;
};

/// An event in one line of words, without a line end; harmless to a terminal whatever the guest wrote.
std::string event_line(const Event& event, Colour colour);

/// "building: unpacking, 43 %"
std::string build_step_text(const BuildStep& event);

}  // namespace clamproof
