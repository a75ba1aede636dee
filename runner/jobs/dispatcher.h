/// Gives jobs to workers until there are none left. The one place that knows what becomes of a job whose
/// worker dies or hangs, and of all jobs when a person interrupts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "guest/guest.h"
#include "jobs/event.h"
#include "jobs/job.h"

namespace clamproof {

/// Names a job among those of its strategy, which chooses it.
enum class JobId : std::uint64_t {};

/// A job for a worker that has nothing to do.
struct Assignment {
    std::size_t worker = 0;
    JobId id{};
    Job job;
};

/// Which jobs there are, in which order, and what their results mean.
class Strategy {
  public:
    virtual ~Strategy() = default;

    /// Jobs to begin now, at most one for each idle worker. None: the idle wait for what is running; where
    /// nothing is, the work is done.
    virtual std::vector<Assignment> next(const std::vector<std::size_t>& idle) = 0;
    /// Something happens over a job, short of its result.
    virtual void on_event(JobId id, const Event& event) = 0;
    /// What came of a job. Each job has one result, of one of the kinds that the job names.
    virtual void on_result(JobId id, JobResult result) = 0;
};

/// The workers that a dispatcher gives jobs to, numbered from 0.
class Workers {
  public:
    virtual ~Workers() = default;

    virtual std::size_t count() const = 0;
    /// @param worker has nothing to do. @throws InfraError where it cannot be started.
    virtual void give(std::size_t worker, const Job& job) = 0;

    struct Report {
        std::size_t worker = 0;
        std::optional<Event> event;  ///< none: the worker died
    };
    /// Waits for events, at most `seconds`.
    virtual std::vector<Report> wait(double seconds) = 0;
    /// Ends a worker and its guests at once; nothing more is reported of it. It is started anew by `give`.
    virtual void kill(std::size_t worker) noexcept = 0;
    /// Ends all of them and their guests.
    virtual void end() noexcept = 0;
};

/// What a dispatcher needs to know of the world around it.
struct DispatchHooks {
    std::function<bool()> interrupted;
    std::function<double()> clock;  ///< seconds; never goes back
    /// Seconds after which a worker that says nothing is taken to hang. Longer than whatever a worker does
    /// without a word: the longest script, or a wait for another process that builds the same image.
    double longest_silence = 2 * longest_script;
    Called called{};  ///< how the run was, for results that no worker has made
};

/// Asked by a person, by the steady clock.
DispatchHooks dispatch_hooks(std::function<bool()> interrupted, Called called);

class Dispatcher {
  public:
    /// @param workers have nothing to do; outlive this
    Dispatcher(Workers& workers, DispatchHooks hooks);

    enum class End { Done, Interrupted };
    /// Runs a strategy until it has no more jobs. A job whose worker dies or hangs is done once more, then it
    /// has failed. Interrupted: workers and guests are ended, and jobs that were under way have no result.
    /// @throws InfraError where a worker cannot be started, and whatever the strategy throws; workers go on
    /// then, until their owner ends them.
    End run(Strategy& strategy);

    std::size_t workers() const { return workers_.count(); }

  private:
    struct Running {
        JobId id;
        Job job;
        double began;       // seconds after this dispatcher was made
        double last_heard;  // by the clock
        std::string last_words{};
    };
    std::vector<std::size_t> idle() const;
    void begin(Strategy& strategy);
    void give(std::size_t worker, JobId id, const Job& job);
    void take(const Workers::Report& report, Strategy& strategy);
    void end_silent(Strategy& strategy);
    void lost(std::size_t worker, const std::string& how, Strategy& strategy);

    Workers& workers_;
    DispatchHooks hooks_;
    double since_;
    std::map<std::size_t, Running> running_;  // by worker
    std::deque<Assignment> again_;
    std::set<JobId> retried_;
};

/// What came of jobs that know nothing of each other, in their order; results of jobs that an interrupt cut
/// off are missing.
/// @param on_event may be empty
std::vector<std::optional<JobResult>> run_all(Dispatcher& dispatcher, std::vector<Job> jobs,
                                              const std::function<void(const Event&)>& on_event);

/// The result of a job that the harness could not do.
JobResult failed(const Job& job, const std::string& why, const Called& called);

}  // namespace clamproof
