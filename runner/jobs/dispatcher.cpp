#include "jobs/dispatcher.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "results/again.h"
#include "support/clock.h"

namespace clamproof {
namespace {

CellResult failed_cell(const CellId& id, const std::vector<Layer>& layers, const std::string& why,
                       const Called& called) {
    CellResult cell = blank_result(id, packages_of(layers), called);
    cell.because = why;
    return cell;
}

// What the worker itself does not know.
void note_where(JobResult& result, std::size_t worker, double began) {
    const auto note = [&](CellResult& cell) {
        cell.worker = static_cast<int>(worker) + 1;
        cell.began = began;
    };
    std::visit(overloaded{[&](CellEnded& ended) { note(ended.cell); },
                          [&](SurvivalEnded& ended) { note(ended.cell); }, [](const auto&) {}},
               result);
}

// A worker that answers with another kind of result cannot be believed in anything.
bool can_end(const Job& job, const JobResult& result) {
    const bool cell = std::holds_alternative<CellEnded>(result);
    const bool survival = std::holds_alternative<SurvivalEnded>(result);
    if (std::holds_alternative<RunCell>(job)) return cell;
    if (std::holds_alternative<CheckFixSurvival>(job)) return survival;
    return !cell && !survival;
}

// A strategy whose jobs are there from the beginning.
class JobList : public Strategy {
  public:
    JobList(std::vector<Job> jobs, const std::function<void(const Event&)>& on_event)
        : jobs_(std::move(jobs)), on_event_(on_event), results_(jobs_.size()) {}

    std::vector<Assignment> next(const std::vector<std::size_t>& idle) override {
        std::vector<Assignment> now;
        for (const std::size_t worker : idle)
            if (begun_ < jobs_.size()) {
                now.push_back({.worker = worker, .id = JobId{begun_}, .job = jobs_[begun_]});
                ++begun_;
            }
        return now;
    }
    void on_event(JobId, const Event& event) override {
        if (on_event_) on_event_(event);
    }
    void on_result(JobId id, JobResult result) override {
        results_[static_cast<std::size_t>(id)] = std::move(result);
    }

    std::vector<std::optional<JobResult>> take_results() { return std::move(results_); }

  private:
    std::vector<Job> jobs_;
    const std::function<void(const Event&)>& on_event_;
    std::vector<std::optional<JobResult>> results_;
    std::size_t begun_ = 0;
};

}  // namespace

DispatchHooks dispatch_hooks(std::function<bool()> interrupted, Called called) {
    return {.interrupted = std::move(interrupted),
            .clock = [watch = Stopwatch()] { return watch.seconds(); },
            .called = std::move(called)};
}

JobResult failed(const Job& job, const std::string& why, const Called& called) {
    return std::visit(
        overloaded{
            [&](const RunCell& run) -> JobResult {
                return CellEnded{.cell = failed_cell(run.cell, run.layers, why, called)};
            },
            [&](const CheckFixSurvival& check) -> JobResult {
                return SurvivalEnded{.cell = failed_cell(check.cell, check.layers, why, called), .fixes = {}};
            },
            [&](const auto& image) -> JobResult { return ImageFailed{.image = image.image, .why = why}; }},
        job);
}

Dispatcher::Dispatcher(Workers& workers, DispatchHooks hooks)
    : workers_(workers), hooks_(std::move(hooks)), since_(hooks_.clock()) {}

Dispatcher::End Dispatcher::run(Strategy& strategy) {
    again_.clear();
    retried_.clear();
    for (;;) {
        if (hooks_.interrupted()) {
            workers_.end();
            running_.clear();
            return End::Interrupted;
        }
        begin(strategy);
        if (running_.empty()) return End::Done;
        for (const auto& report : workers_.wait(0.1)) take(report, strategy);
        end_silent(strategy);
    }
}

std::vector<std::size_t> Dispatcher::idle() const {
    std::vector<std::size_t> idle;
    for (std::size_t worker = 0; worker < workers_.count(); ++worker)
        if (!running_.contains(worker)) idle.push_back(worker);
    return idle;
}

// What is done once more goes first: somebody may wait for it.
void Dispatcher::begin(Strategy& strategy) {
    for (const std::size_t worker : idle()) {
        if (again_.empty()) break;
        const Assignment again = std::move(again_.front());
        again_.pop_front();
        give(worker, again.id, again.job);
    }
    if (const auto free = idle(); !free.empty())
        for (const auto& assignment : strategy.next(free))
            give(assignment.worker, assignment.id, assignment.job);
}

void Dispatcher::give(std::size_t worker, JobId id, const Job& job) {
    workers_.give(worker, job);
    const double now = hooks_.clock();
    running_.insert_or_assign(worker,
                              Running{.id = id, .job = job, .began = now - since_, .last_heard = now});
}

void Dispatcher::take(const Workers::Report& report, Strategy& strategy) {
    const auto found = running_.find(report.worker);
    if (found == running_.end()) return;  // it died with nothing to do, or was ended before
    Running& running = found->second;
    if (!report.event) return lost(report.worker, "died", strategy);
    running.last_heard = hooks_.clock();
    if (const auto* message = std::get_if<Message>(&*report.event)) running.last_words = message->text;
    auto result = result_of(*report.event);
    if (!result) return strategy.on_event(running.id, *report.event);
    if (!can_end(running.job, *result)) {
        workers_.kill(report.worker);
        return lost(report.worker, "sent a result of another job and was ended", strategy);
    }
    note_where(*result, report.worker, running.began);
    const Running ended = std::move(running);
    running_.erase(found);
    strategy.on_result(ended.id, *std::move(result));
}

void Dispatcher::end_silent(Strategy& strategy) {
    std::vector<std::size_t> silent;
    for (const auto& [worker, running] : running_)
        if (hooks_.clock() - running.last_heard > hooks_.longest_silence) silent.push_back(worker);
    for (const std::size_t worker : silent) {
        workers_.kill(worker);
        lost(worker, fmt::format("said nothing for {:.0f} s and was ended", hooks_.longest_silence),
             strategy);
    }
}

// Once may be bad luck: the machine's memory, a careless kill.
void Dispatcher::lost(std::size_t worker, const std::string& how, Strategy& strategy) {
    const Running running = std::move(running_.at(worker));
    running_.erase(worker);
    const bool first = retried_.insert(running.id).second;
    strategy.on_event(running.id,
                      Message{fmt::format("the worker that had {} {}; {}", job_text(running.job), how,
                                          first ? "the job is done again" : "so did one before it")});
    if (first)
        again_.push_back({.worker = worker, .id = running.id, .job = running.job});
    else
        strategy.on_result(
            running.id,
            failed(running.job,
                   fmt::format("the worker process {}, twice over{}", how,
                               running.last_words.empty() ? "" : "; it last said: " + running.last_words),
                   hooks_.called));
}

std::vector<std::optional<JobResult>> run_all(Dispatcher& dispatcher, std::vector<Job> jobs,
                                              const std::function<void(const Event&)>& on_event) {
    JobList list(std::move(jobs), on_event);
    dispatcher.run(list);
    return list.take_results();
}

}  // namespace clamproof
