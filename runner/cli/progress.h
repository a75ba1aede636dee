/// Shows a run as it happens, and how long it will still take.
#pragma once

#include <cstddef>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "jobs/event.h"
#include "reports/layout.h"

namespace clamproof {

/// How long a run will still take, by what its cells took before.
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

/// Something that watches a run.
class Progress {
  public:
    Progress() = default;
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    virtual ~Progress() = default;

    /// May be called from any thread. Output that cannot be written is lost without an error.
    virtual void on(const Event& event) = 0;

    /// Shows what is left to show and leaves the screen to the caller; events after it are not shown. The
    /// destructor does so too.
    virtual void finish() = 0;
};

enum class ProgressStyle {
    Auto,    ///< Live on a terminal that can move its cursor, else Lines
    Lines,   ///< one line an event
    Live,    ///< a table of what runs, redrawn at most ten times a second, what ended scrolling above it
    Quiet,   ///< nothing
    Events,  ///< each event as a line of JSON (jobs/event.h), for programs
};

struct ProgressOptions {
    std::FILE* out = stderr;  ///< outlives the progress
    ProgressStyle style = ProgressStyle::Auto;
    std::size_t cells = 0;  ///< how many will run; 0 where nobody knows
    Estimate estimate{};    ///< of what the run takes
};

/// A live progress draws from a thread of its own: a process that forks without exec must not touch it.
std::unique_ptr<Progress> make_progress(const ProgressOptions& options);

/// Shows a sentence.
void tell(Progress& progress, const std::string& text);

/// Whether colour is welcome: a terminal, not a dumb one, and NO_COLOR is not set.
Colour colour_for(std::FILE* out);

}  // namespace clamproof
