/// Worker processes and the events that come from them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "jobs/events.h"
#include "jobs/job.h"
#include "support/process.h"

namespace clamproof {

/// A fixed number of workers, started when they are first needed and again when they die.
class WorkerPool {
  public:
    /// @param argv the command of one worker
    WorkerPool(std::vector<std::string> argv, int workers);
    /// Ends every worker and its guests.
    ~WorkerPool();

    /// A worker that has nothing to do, by its number from 0 on.
    std::optional<std::size_t> idle() const;
    /// True while none has anything to do.
    bool all_idle() const;
    /// Gives a job to an idle worker. @throws InfraError where it cannot be started.
    void give(std::size_t worker, const Job& job);

    struct Report {
        Job job;
        std::optional<Event> event;  ///< none: the worker died over the job
        bool ends_job = false;
    };
    /// Waits for events, at most `seconds`.
    std::vector<Report> wait(double seconds);

    /// Lets the workers, which have nothing to do, end by themselves.
    void finish() noexcept;

    /// Ends guests and workers, guests first; a worker that is building gets 4 s to clear up.
    void end() noexcept;

  private:
    struct Worker {
        std::optional<Child> child;
        std::optional<Job> job;
        std::string buffer;
    };
    void read_from(Worker& worker, std::vector<Report>& reports);

    std::vector<std::string> argv_;
    std::vector<Worker> workers_;
};

}  // namespace clamproof
