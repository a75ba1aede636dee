#include "run/run.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "results/again.h"
#include "results/judge.h"

namespace clamproof {
namespace {

class RunStrategy : public Strategy {
  public:
    RunStrategy(const Plan& plan, const RunHooks& hooks, const Durations& durations, RunResults& run)
        : plan_(plan), hooks_(hooks), durations_(durations), run_(run) {
        std::vector<const ImageDefinition*> images;
        for (const auto& image : plan_.images) images.push_back(&image);
        // The least work first, as far as definitions tell.
        std::stable_sort(images.begin(), images.end(), [](const auto* left, const auto* right) {
            return std::pair(left->setup.size(), left->packages.size()) <
                   std::pair(right->setup.size(), right->packages.size());
        });
        for (const auto* image : images) (hooks_.is_built(*image) ? built_ : builds_).push_back(image->name);
    }

    std::vector<Assignment> next(const std::vector<std::size_t>& idle) override {
        std::vector<Assignment> now;
        for (const std::size_t worker : idle) {
            auto job = next_for(worker);
            if (!job) break;
            now.push_back({.worker = worker, .id = JobId{++jobs_}, .job = *std::move(job)});
        }
        return now;
    }

    void on_event(JobId, const Event& event) override { hooks_.on_event(event); }

    void on_result(JobId, JobResult result) override {
        std::visit(
            overloaded{[&](ImageReady& ready) { image_ready(ready); },
                       [&](ImageFailed& failed) { image_failed(failed); },
                       [&](PackagesRefused& refused) { packages_refused(refused); },
                       [&](CellEnded& ended) { end(std::move(ended.cell)); }, [](const SurvivalEnded&) {}},
            result);
    }

    // In the order of the plan, whoever was quicker.
    void sort_results() {
        std::map<CellId, std::size_t> place;
        for (auto& cell : all_cells(plan_)) place.emplace(std::move(cell), place.size());
        std::sort(run_.results.begin(), run_.results.end(),
                  [&](const auto& left, const auto& right) { return place[left.id()] < place[right.id()]; });
        std::sort(run_.images.begin(), run_.images.end(),
                  [](const auto& left, const auto& right) { return left.name < right.name; });
    }

  private:
    // First what is ready in a second, so that all cells there are can be chosen from. Then cells: a verdict
    // now is worth more than an image later. For that reason the first image is built alone: another
    // beside it would hold it up.
    std::optional<Job> next_for(std::size_t worker) {
        if (!built_.empty()) return prepare(built_);
        if (!cells_.empty()) return cells_.take(worker);
        if (builds_.empty() || (preparing_ > 0 && facts_.empty())) return std::nullopt;
        return prepare(builds_);
    }

    Job prepare(std::deque<std::string>& queue) {
        ++preparing_;
        PrepareImage job{.image = std::move(queue.front()), .layers = plan_.layers};
        queue.pop_front();
        return job;
    }

    void image_ready(const ImageReady& ready) {
        --preparing_;
        hooks_.on_event(ready);
        learn(ready);
        for (const auto& cell : cells_to_run(ready.image.name))
            if (!is_done(cell) && !is_skipped(cell)) queue(cell);
    }

    void image_failed(const ImageFailed& failed) {
        --preparing_;
        hooks_.on_event(failed);
        for (const auto& cell : cells_of(plan_, failed.image)) {
            CellResult result = blank_result(cell, packages_of(plan_.layers), plan_.called);
            result.because = failed.why;
            show(std::move(result));
        }
    }

    // A finding, not the harness's trouble. What would be skipped on the image without the packages still is.
    void packages_refused(const PackagesRefused& refused) {
        --preparing_;
        hooks_.on_event(refused);
        learn(refused.without);
        for (const auto& cell : cells_to_run(refused.image)) {
            if (is_skipped(cell)) continue;
            CellResult result = blank_result(cell, packages_of(plan_.layers), plan_.called);
            result.verdict = Verdict::NotInstallable;
            result.because = refused.why;
            judge_and_show(std::move(result));
        }
    }

    void learn(const ImageReady& ready) {
        facts_[ready.image.name] = ready.image.facts;
        run_.images.push_back(ready.image);
        run_.host.add(ready.host);
    }

    std::vector<CellId> cells_to_run(const std::string& image) {
        auto all = cells_of(plan_, image);
        return plan_.quick ? representative_cells(plan_, all, facts_[image]) : all;
    }

    // What is skipped needs no guest and no worker.
    bool is_skipped(const CellId& cell) {
        const auto why = why_skipped(plan_.case_of(cell), facts_[cell.image], cell.variant);
        if (!why) return false;
        CellResult result = blank_result(cell, packages_of(plan_.layers), plan_.called);
        result.verdict = Verdict::Skipped;
        result.because = *why;
        judge_and_show(std::move(result));
        return true;
    }

    bool is_done(const CellId& cell) {
        const auto known = std::find_if(plan_.done.begin(), plan_.done.end(),
                                        [&](const CellResult& one) { return one.id() == cell; });
        if (known == plan_.done.end()) return false;
        show(*known);
        return true;
    }

    void queue(const CellId& cell) {
        RunCell job{.cell = cell, .layers = plan_.layers, .evidence = hooks_.evidence_folder(cell)};
        if (const auto copy = plan_.copy_of.find(cell.case_id); copy != plan_.copy_of.end())
            job.copy_of = copy->second;
        // Of two whose duration nobody knows the first goes first: the one that has fixes to prove takes
        // longer.
        const Expectation* expectation = expected(plan_.case_of(cell), facts_[cell.image], cell.variant);
        if (expectation && expectation->verdict == Verdict::Fixed)
            cells_.push_front(std::move(job));
        else
            cells_.push_back(std::move(job));
    }

    void end(CellResult result) {
        apply_known(plan_.known, facts_[result.image], today(), result);
        show(std::move(result));
    }

    void judge_and_show(CellResult result) {
        judge(plan_.case_of(result.id()), facts_[result.image], result);
        show(std::move(result));
    }

    void show(CellResult result) {
        hooks_.on_event(CellEnded{.cell = result});
        run_.results.push_back(std::move(result));
    }

    const Plan& plan_;
    const RunHooks& hooks_;
    const Durations& durations_;
    RunResults& run_;
    std::deque<std::string> built_, builds_;  // images
    int preparing_ = 0;
    CellQueue cells_{[this](const CellId& cell) { return durations_.expected(cell); }};
    std::map<std::string, Facts> facts_;  // of images that are ready
    std::uint64_t jobs_ = 0;
};

}  // namespace

void run_plan(const Plan& plan, Dispatcher& dispatcher, const RunHooks& hooks, Durations& durations,
              RunResults& run) {
    RunStrategy strategy(plan, hooks, durations, run);
    run.interrupted = dispatcher.run(strategy) == Dispatcher::End::Interrupted;
    durations.remember(run.results);
    strategy.sort_results();
}

CellQueue::Group CellQueue::choose(std::size_t worker) const {
    std::map<Group, double> work;
    for (const auto& job : jobs_) work[group_of(job)] += seconds_(job.cell);
    const auto rank = [&](const auto& group) {
        const auto begun = begun_by_.find(group.first);
        const bool by_nobody = begun == begun_by_.end();
        return std::tuple(!by_nobody && begun->second.contains(worker), by_nobody, group.second);
    };
    return std::max_element(work.begin(), work.end(),
                            [&](const auto& left, const auto& right) { return rank(left) < rank(right); })
        ->first;
}

// Of equal ones the last.
std::deque<RunCell>::iterator CellQueue::shortest() {
    const auto found =
        std::min_element(jobs_.rbegin(), jobs_.rend(), [&](const RunCell& left, const RunCell& right) {
            return seconds_(left.cell) < seconds_(right.cell);
        });
    return std::prev(found.base());
}

std::deque<RunCell>::iterator CellQueue::longest_of(const Group& group) {
    return std::max_element(jobs_.begin(), jobs_.end(), [&](const RunCell& left, const RunCell& right) {
        return std::pair(group_of(left) == group, seconds_(left.cell)) <
               std::pair(group_of(right) == group, seconds_(right.cell));
    });
}

RunCell CellQueue::take(std::size_t worker) {
    const auto chosen = begun_by_.empty() ? shortest() : longest_of(choose(worker));
    RunCell job = std::move(*chosen);
    jobs_.erase(chosen);
    const Group group = group_of(job);
    begun_by_[group].insert(worker);
    job.siblings = static_cast<int>(std::count_if(
        jobs_.begin(), jobs_.end(), [&](const RunCell& other) { return group_of(other) == group; }));
    return job;
}

}  // namespace clamproof
