/// Does the jobs of a worker process, one at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "image/snapshot.h"
#include "jobs/event.h"
#include "jobs/job.h"
#include "jobs/settings.h"
#include "proof/cell.h"
#include "proof/shared_states.h"
#include "support/clock.h"

namespace clamproof {

/// What a JobRunner needs of the world.
struct JobHooks {
    /// An image with layers, ready to open guests from. @throws InputError, NotInstallable, InfraError.
    std::function<std::shared_ptr<Snapshot>(const std::string& image, const std::vector<Layer>& layers)> open;
    /// What runs an image's guests. @throws InfraError.
    std::function<HostInfo(const BuiltImage& image)> host_of;
    std::function<void(const Event& event)> send;
    std::function<bool()> stopped;  ///< whether the worker has been told to end
};

class JobRunner {
  public:
    JobRunner(Settings settings, JobHooks hooks) : settings_(std::move(settings)), hooks_(std::move(hooks)) {}

    /// Sends what happens over a job, and last what came of it. Never throws for what a job comes to.
    void run(const Job& job);

  private:
    // Where a cell is run.
    struct Scene {
        const Cell& cell;
        Snapshot& snapshot;
        const std::filesystem::path& evidence;
    };

    void prepare(const std::string& image, const std::vector<Layer>& layers,
                 const std::optional<std::string>& script);
    void send_ready(const std::string& image, const std::vector<Layer>& layers,
                    const std::optional<std::string>& script, const Stopwatch& watch);
    ImageReady make_ready(const std::string& image, const std::vector<Layer>& layers,
                          const std::optional<std::string>& script) const;
    void run_cell_job(const RunCell& job);
    void check_survival(const CheckFixSurvival& job);
    template <typename CellJob, typename Use>
    CellResult once(const CellJob& job, int number, Use use);
    CellResult prove(const RunCell& job, int number, const Scene& scene);
    ProgressSink sink() const;

    Settings settings_;
    JobHooks hooks_;
    SharedStates states_;
};

}  // namespace clamproof
