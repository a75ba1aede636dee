/// Worker processes: what is written to them, and the events that come back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "jobs/dispatcher.h"
#include "support/process.h"

namespace clamproof {

/// A fixed number of workers, started when they are first needed and again when they die.
class WorkerPool : public Workers {
  public:
    /// @param argv the command of one worker
    WorkerPool(std::vector<std::string> argv, int workers);
    /// Ends every worker and its guests.
    ~WorkerPool() override;

    std::size_t count() const override { return workers_.size(); }
    void give(std::size_t worker, const Job& job) override;
    /// What a worker sends that is no event ends it.
    std::vector<Report> wait(double seconds) override;
    void kill(std::size_t worker) noexcept override;

    /// Lets the workers, which have nothing to do, end by themselves.
    void finish() noexcept;

    /// Ends guests and workers, guests first; a worker that is building gets 4 s to clear up.
    void end() noexcept override;

  private:
    struct Worker {
        std::optional<Child> child;
        std::string buffer;  // of the line that is coming
    };
    void read_from(std::size_t number, std::vector<Report>& reports);

    std::vector<std::string> argv_;
    std::vector<Worker> workers_;
};

}  // namespace clamproof
