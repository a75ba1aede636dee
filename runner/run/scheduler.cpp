#include "run/scheduler.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "image/install.h"
#include "image/snapshots.h"
#include "proof/judge.h"
#include "results/again.h"
#include "run/cell_queue.h"
#include "run/durations.h"
#include "run/host_info.h"
#include "run/known_cell.h"
#include "support/clock.h"

namespace clamproof {
namespace {

class Schedule {
  public:
    Schedule(const Plan& plan, const Settings& settings, WorkerPool& pool, const SchedulerHooks& hooks,
             RunResults& run)
        : plan_(plan), settings_(settings), pool_(pool), hooks_(hooks), run_(run) {
        for (const auto& image : plan_.images) {
            const auto stored = find_built(image, ImageStore(), [](const std::string&) {});
            (stored && !stored->facts.empty() ? stored_ : builds_)
                .push_back({.image = image.name,
                            .case_id = "",
                            .variant = {},
                            .evidence = "",
                            .stages = plan_.layers});
        }
        // The least work first, as far as definitions tell.
        std::stable_sort(builds_.begin(), builds_.end(), [&](const Job& left, const Job& right) {
            const auto& one = definition(left.image);
            const auto& other = definition(right.image);
            return std::pair(one.setup.size(), one.packages.size()) <
                   std::pair(other.setup.size(), other.packages.size());
        });
    }

    void run() {
        while (work_is_left() || !pool_.all_idle()) {
            if (hooks_.interrupted()) {
                run_.interrupted = true;
                pool_.end();
                break;
            }
            for (auto idle = pool_.idle(); idle; idle = pool_.idle()) {
                const auto job = next(*idle);
                if (!job) break;
                begun_[cell_key(job->image, job->case_id, job->variant)] = {
                    .worker = static_cast<int>(*idle) + 1, .at = clock_.seconds()};
                pool_.give(*idle, *job);
            }
            for (auto& report : pool_.wait(0.1)) take(report);
        }
        durations_.remember(run_.results);
        sort_results();
    }

  private:
    bool work_is_left() const { return !(stored_.empty() && cells_.empty() && builds_.empty()); }

    // First what is ready in a second, so that all cells there are can be chosen from. Then cells: a verdict
    // now is worth more than an image later. For that reason the first image is built alone: another
    // beside it would hold it up.
    std::optional<Job> next(std::size_t worker) {
        if (!stored_.empty()) return prepare(stored_);
        if (!cells_.empty()) return cells_.take(worker);
        if (builds_.empty() || (preparing_ > 0 && facts_.empty())) return std::nullopt;
        return prepare(builds_);
    }

    Job prepare(std::deque<Job>& queue) {
        ++preparing_;
        Job job = std::move(queue.front());
        queue.pop_front();
        return job;
    }

    void take(WorkerPool::Report& report) {
        if (report.event && report.event->cell) complete(*report.event->cell);
        if (report.event) hooks_.on_event(*report.event);
        if (!report.ends_job) return;
        if (report.job.prepares()) --preparing_;
        if (!report.event) {
            died(report.job);
        } else if (report.job.prepares()) {
            if (report.event->kind == EventKind::NotInstallable)
                not_installable(report.job.image, report.event->text);
            else
                built(report.job.image, report.event->text);
        } else {
            run_.results.push_back(*report.event->cell);
        }
    }

    // What its worker does not know.
    void complete(CellResult& cell) {
        const Begun& begun = begun_[cell_key(cell.image, cell.case_id, cell.variant)];
        cell.worker = begun.worker;
        cell.began = begun.at;
        apply_known(plan_.known, facts_[cell.image], today(), cell);
    }

    // Once may be bad luck: the machine's memory, a careless kill.
    void died(const Job& job) {
        const std::string key = cell_key(job.image, job.case_id, job.variant);
        const bool again = retried_.insert(key).second;
        Event event;
        event.kind = EventKind::Message;
        event.text = fmt::format("the worker that had {} died; {}", key,
                                 again ? "the job is done again" : "it died before over the same job");
        hooks_.on_event(event);
        if (again) {
            job.prepares() ? builds_.push_front(job) : cells_.push_front(job);
        } else if (job.prepares()) {
            built(job.image, "its worker died twice");
        } else {
            give_up(job, "the worker process died twice over it");
        }
    }

    void built(const std::string& name, const std::string& trouble) {
        const ImageDefinition& image = definition(name);
        if (!trouble.empty()) {
            for (const auto& job : cells_of(plan_, name)) give_up(job, trouble);
            return;
        }
        const auto stored = find_built(image, ImageStore(), [](const std::string&) {});
        const auto ready = stored ? find_layers(*stored, plan_.layers) : std::nullopt;
        if (!ready) return give_up_all(name, "the image vanished from the store");
        learn(*ready);
        for (const auto& job : cells_to_run(name)) queue_or_skip(job, image);
    }

    std::vector<Job> cells_to_run(const std::string& name) {
        const auto all = cells_of(plan_, name);
        return plan_.quick ? representative_cells(plan_, all, facts_[name]) : all;
    }

    void learn(const BuiltImage& ready) {
        const std::string& name = ready.definition.name;
        facts_[name] = ready.facts;
        run_.images.push_back({.name = name,
                               .digest = ready.definition.digest,
                               .facts = ready.facts,
                               .packages = ready.packages,
                               .installed = plan_.layers.empty() ? std::map<std::string, std::string>{}
                                                                 : plan_.layers.front().packages.digests});
        tell_of_guests(run_.host, ready, settings_);
    }

    // A finding, not the harness's trouble. What would be skipped on the image without the packages still is.
    void not_installable(const std::string& name, const std::string& words) {
        const ImageDefinition& image = definition(name);
        const auto without = find_built(image, ImageStore(), [](const std::string&) {});
        if (!without) return give_up_all(name, words);
        learn(*without);
        for (const auto& job : cells_to_run(name)) {
            if (skip(job, image)) continue;
            CellResult result = blank(job);
            result.verdict = Verdict::NotInstallable;
            result.because = words;
            judge_without_guest(job, image, result);
        }
    }

    // What is skipped needs no guest and no worker.
    bool skip(const Job& job, const ImageDefinition& image) {
        const auto why = why_skipped(case_of(job), facts_[job.image], job.variant);
        if (!why) return false;
        CellResult result = blank(job);
        result.verdict = Verdict::Skipped;
        result.because = *why;
        judge_without_guest(job, image, result);
        return true;
    }

    void judge_without_guest(const Job& job, const ImageDefinition& image, CellResult& result) {
        judge(cell_of(job, image), result);
        end_without_guest(result);
    }

    Cell cell_of(const Job& job, const ImageDefinition& image) {
        return {.subject = case_of(job),
                .image = image,
                .facts = facts_[job.image],
                .variant = job.variant,
                .library = "",
                .install = plan_.install};
    }

    bool is_done(const Job& job) {
        const std::string key = cell_key(job.image, job.case_id, job.variant);
        const auto known = std::find_if(plan_.done.begin(), plan_.done.end(), [&](const CellResult& cell) {
            return cell_key(cell.image, cell.case_id, cell.variant) == key;
        });
        if (known == plan_.done.end()) return false;
        end_without_guest(*known);
        return true;
    }

    void queue_or_skip(Job job, const ImageDefinition& image) {
        if (is_done(job) || skip(job, image)) return;
        const Case& subject = case_of(job);
        job.evidence = hooks_.evidence_folder(blank(job));
        // Of two whose duration nobody knows the first goes first: the one that has fixes to prove takes
        // longer.
        const Expectation* expectation = expected(subject, facts_[job.image], job.variant);
        if (expectation && expectation->verdict == Verdict::Fixed)
            cells_.push_front(std::move(job));
        else
            cells_.push_back(std::move(job));
    }

    void give_up_all(const std::string& image, const std::string& why) {
        for (const auto& job : cells_of(plan_, image)) give_up(job, why);
    }

    void give_up(const Job& job, const std::string& why) {
        CellResult result = blank(job);
        result.verdict = Verdict::InfraError;
        result.outcome = Outcome::Infra;
        result.because = why;
        end_without_guest(result);
    }

    void end_without_guest(const CellResult& result) {
        Event event;
        event.kind = EventKind::CellEnded;
        event.image = result.image;
        event.case_id = result.case_id;
        event.variant = result.variant;
        event.cell = result;
        hooks_.on_event(event);
        run_.results.push_back(result);
    }

    CellResult blank(const Job& job) const {
        return blank_result(job.image, job.case_id, job.variant, plan_.install);
    }

    const ImageDefinition& definition(const std::string& name) const {
        return *std::find_if(plan_.images.begin(), plan_.images.end(),
                             [&](const ImageDefinition& candidate) { return candidate.name == name; });
    }

    const Case& case_of(const Job& job) const {
        return *std::find_if(plan_.cases.begin(), plan_.cases.end(),
                             [&](const Case& candidate) { return candidate.id == job.case_id; });
    }

    // In the order of the plan, whoever was quicker.
    void sort_results() {
        std::map<std::string, std::size_t> place;
        for (const auto& image : plan_.images)
            for (const auto& job : cells_of(plan_, image.name))
                place.emplace(cell_key(job.image, job.case_id, job.variant), place.size());
        const auto rank = [&](const CellResult& cell) {
            return place[cell_key(cell.image, cell.case_id, cell.variant)];
        };
        std::sort(run_.results.begin(), run_.results.end(),
                  [&](const auto& left, const auto& right) { return rank(left) < rank(right); });
        std::sort(run_.images.begin(), run_.images.end(),
                  [](const auto& left, const auto& right) { return left.name < right.name; });
    }

    const Plan& plan_;
    const Settings& settings_;
    WorkerPool& pool_;
    const SchedulerHooks& hooks_;
    RunResults& run_;
    Durations durations_;
    std::deque<Job> stored_, builds_;
    int preparing_ = 0;
    CellQueue cells_{[this](const Job& job) { return durations_.expected(job); }};
    std::map<std::string, Facts> facts_;
    std::set<std::string> retried_;
    struct Begun {
        int worker = 0;
        double at = 0;
    };
    std::map<std::string, Begun> begun_;
    Stopwatch clock_;
};

}  // namespace

std::vector<Job> cells_of(const Plan& plan, const std::string& image) {
    std::vector<Job> jobs;
    for (const auto& subject : plan.cases)
        for (const auto& variant : expand(subject.matrix, plan.variants))
            if (!plan.only || plan.only->contains(cell_key(image, subject.id, variant)))
                jobs.push_back({.image = image,
                                .case_id = subject.id,
                                .variant = variant,
                                .evidence = "",
                                .stages = plan.layers});
    return jobs;
}

std::vector<Job> representative_cells(const Plan& plan, const std::vector<Job>& cells, const Facts& facts) {
    std::vector<Job> chosen;
    std::map<std::string, std::vector<Job>> skipped;        // by case
    std::map<std::string, std::set<std::string>> verdicts;  // that a case has a cell for
    for (const auto& job : cells) {
        const Case& subject = *std::find_if(plan.cases.begin(), plan.cases.end(),
                                            [&](const Case& one) { return one.id == job.case_id; });
        if (why_skipped(subject, facts, job.variant)) {
            skipped[job.case_id].push_back(job);
            continue;
        }
        const Expectation* expectation = expected(subject, facts, job.variant);
        const std::string verdict(expectation ? to_string(expectation->verdict) : "");
        if (verdicts[job.case_id].insert(verdict).second) chosen.push_back(job);
    }
    for (const auto& [subject, jobs] : skipped)
        if (!verdicts.contains(subject)) chosen.push_back(jobs.front());
    return chosen;
}

void run_plan(const Plan& plan, const Settings& settings, WorkerPool& pool, const SchedulerHooks& hooks,
              RunResults& run) {
    Schedule(plan, settings, pool, hooks, run).run();
}

}  // namespace clamproof
