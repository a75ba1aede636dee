#include "bisect/guest_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "bisect/differences.h"
#include "bisect/made_packages.h"
#include "image/install.h"
#include "results/again.h"

namespace clamproof {

GuestBench::GuestBench(BisectPlan& plan, const Settings& settings, WorkerPool& pool,
                       std::function<bool()> interrupted)
    : plan_(plan),
      settings_(settings),
      pool_(pool),
      subject_(case_digest(plan.subject, plan.library)),
      layers_(plan.candidates.size()),
      interrupted_(std::move(interrupted)) {
    for (std::size_t candidate = 0; candidate < plan.candidates.size(); ++candidate) {
        Candidate& one = plan.candidates[candidate];
        if (!one.command.empty()) one.packages = made_before(folder_of(one));
        learn_layer(candidate);
    }
}

// By the command, too: another one makes other packages.
fs::path GuestBench::folder_of(const Candidate& candidate) const {
    return settings_.out / "made" / sha256(candidate.command).substr(0, 16) / candidate.name;
}

void GuestBench::learn_layer(std::size_t candidate) {
    const Candidate& one = plan_.candidates[candidate];
    if (one.packages.empty()) return;
    layers_[candidate] = {.packages = read_packages(one.files()), .keep = Keep::ForThisJob};
}

// @returns whether there is something to run
bool GuestBench::make(std::size_t candidate) {
    Candidate& one = plan_.candidates[candidate];
    if (one.command.empty() || !one.packages.empty()) return true;
    try {
        one.packages = make_packages(one.command, one.name, folder_of(one), interrupted_);
        learn_layer(candidate);
        return true;
    } catch (const NotInstallable& error) {
        BisectRun run{.candidate = candidate,
                      .cell = blank_result(one.image, plan_.subject.id, plan_.variant, {})};
        run.cell.verdict = Verdict::NotInstallable;
        run.cell.outcome = Outcome::Mismatch;
        run.cell.because = error.what();
        not_made_.push_back(std::move(run));
        return false;
    }
}

VerdictKey GuestBench::key_of(std::size_t candidate) const {
    const BuiltImage& image = plan_.images.at(plan_.candidates[candidate].image);
    std::vector<std::string> stages;
    if (!layers_[candidate].empty()) stages.push_back(layer_key(image.definition, layers_[candidate]));
    return {.image = image.definition.digest + " " + image.origin.disk,
            .machine = image.origin.key(),
            .stages = std::move(stages),
            .subject = subject_,
            .variant = plan_.variant,
            .question = plan_.ends};
}

std::vector<CellResult> GuestBench::known(std::size_t candidate) const {
    const Candidate& one = plan_.candidates[candidate];
    if (!one.command.empty() && one.packages.empty()) return {};
    return cache_.find(key_of(candidate));
}

// Most questions need one guest, and what all candidates install would fill a disk: it is not kept.
void GuestBench::start(const Question& question) {
    const std::size_t candidate = question.candidate;
    if (!make(candidate)) return;
    const Candidate& of = plan_.candidates[candidate];
    Job job{.image = of.image, .case_id = plan_.subject.id, .variant = plan_.variant, .evidence = {}};
    job.evidence = (settings_.out / "evidence" / std::to_string(candidate)).string();
    if (!layers_[candidate].empty()) job.stages = {layers_[candidate]};
    job.question = plan_.ends;
    if (question.look) job.look = look_script(plan_.images.at(of.image).definition);
    pool_.give(pool_.idle().value(), job);
    running_.push_back({.candidate = candidate, .job = std::move(job)});
}

std::vector<BisectRun> GuestBench::wait() {
    std::vector<BisectRun> ended = std::exchange(not_made_, {});
    if (!ended.empty()) return ended;
    for (auto& report : pool_.wait(0.1)) {
        if (!report.ends_job) continue;
        const auto begun = std::find_if(running_.begin(), running_.end(),
                                        [&](const Begun& one) { return one.job == report.job; });
        if (begun == running_.end()) continue;
        BisectRun run{.candidate = begun->candidate, .cell = {}};
        if (report.event && report.event->cell) {
            run.cell = std::move(*report.event->cell);
            run.look = report.event->look;
        } else {
            run.cell = blank_result(report.job.image, report.job.case_id, report.job.variant,
                                    packages_of(report.job));
            run.cell.because = "the worker process died over it";
        }
        cache_.keep(key_of(run.candidate), run.cell);
        running_.erase(begun);
        ended.push_back(std::move(run));
    }
    return ended;
}

}  // namespace clamproof
