/// Runs the candidates of a bisection on guests, and remembers what came of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bisect/bisection.h"
#include "bisect/plan.h"
#include "bisect/verdict_cache.h"
#include "jobs/job.h"
#include "jobs/pool.h"
#include "jobs/settings.h"

namespace clamproof {

class GuestBench {
  public:
    /// @param plan its candidates get the packages that a command makes of them
    /// @param interrupted asked while one does. All outlive this.
    GuestBench(BisectPlan& plan, const Settings& settings, WorkerPool& pool,
               std::function<bool()> interrupted);

    /// What was found out earlier, by all that it depends on.
    std::vector<CellResult> known(std::size_t candidate) const;
    /// Needs an idle worker. @throws InfraError.
    void start(const Question& question);
    /// Waits a moment for runs to end. A worker that dies over one makes it an infra-error.
    std::vector<BisectRun> wait();

  private:
    struct Begun {
        std::size_t candidate;
        Job job;
    };
    fs::path folder_of(const Candidate& candidate) const;
    void learn_layer(std::size_t candidate);
    bool make(std::size_t candidate);
    VerdictKey key_of(std::size_t candidate) const;

    BisectPlan& plan_;
    const Settings& settings_;
    WorkerPool& pool_;
    VerdictCache cache_;
    std::string subject_;
    std::vector<Layer> layers_;  ///< of each candidate; empty where it has none, or is not made yet
    std::function<bool()> interrupted_;
    std::vector<Begun> running_;
    std::vector<BisectRun> not_made_;  ///< ended before they began
};

}  // namespace clamproof
