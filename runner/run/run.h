/// A run: images are made ready, and a cell starts as soon as its own image is.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "jobs/dispatcher.h"
#include "jobs/job.h"
#include "results/results.h"
#include "run/durations.h"
#include "run/plan.h"

namespace clamproof {

struct RunHooks {
    std::function<void(const Event&)> on_event;  ///< of cells with all that is known of them
    /// The folder for what is saved of a cell's guests.
    std::function<std::string(const CellId&)> evidence_folder;
    /// Whether an image is built, so that it is ready in a second.
    std::function<bool(const ImageDefinition&)> is_built;
};

/// Runs a plan to its end, or until interrupted: what has a verdict by then is kept.
/// @param durations says which cells take long, and remembers what they took
/// @param run gets images, results, host and interrupted. @throws InfraError where no worker can be started.
void run_plan(const Plan& plan, Dispatcher& dispatcher, const RunHooks& hooks, Durations& durations,
              RunResults& run);

/// Cells of the same image and case share states (shared_states.h), but only within a worker. So a worker
/// goes on with the cells it has begun upon; then it begins upon those that nobody has, the most work first;
/// at last it helps another. Of such cells the longest goes first, so that the last ones are short and the
/// workers end together. Only the first of all is the shortest there is: somebody waits for a verdict.
class CellQueue {
  public:
    /// @param seconds how long a cell is expected to take
    explicit CellQueue(std::function<double(const CellId&)> seconds) : seconds_(std::move(seconds)) {}

    bool empty() const { return jobs_.empty(); }
    /// Of jobs that are expected to take the same time the first goes first.
    void push_front(RunCell job) { jobs_.push_front(std::move(job)); }
    void push_back(RunCell job) { jobs_.push_back(std::move(job)); }

    /// The next job for a worker, with its siblings counted. There must be one.
    RunCell take(std::size_t worker);

  private:
    using Group = std::pair<std::string, std::string>;  // image, and case or copies of it in one variant
    static Group group_of(const RunCell& job) {
        return {job.cell.image,
                job.copy_of ? *job.copy_of + " " + variant_name(job.cell.variant) : job.cell.case_id};
    }
    Group choose(std::size_t worker) const;
    std::deque<RunCell>::iterator shortest();
    std::deque<RunCell>::iterator longest_of(const Group& group);

    std::function<double(const CellId&)> seconds_;
    std::deque<RunCell> jobs_;
    std::map<Group, std::set<std::size_t>> begun_by_;
};

}  // namespace clamproof
