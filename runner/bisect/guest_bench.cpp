#include "bisect/guest_bench.h"

#include <utility>

#include "bisect/candidates.h"
#include "bisect/differences.h"
#include "image/install.h"
#include "results/again.h"

namespace clamproof {

GuestBench::GuestBench(BisectPlan& plan, fs::path out, VerdictCache cache, std::function<bool()> interrupted)
    : plan_(plan),
      out_(std::move(out)),
      cache_(std::move(cache)),
      subject_(case_digest(plan.subject, plan.library)),
      layers_(plan.candidates.size()),
      interrupted_(std::move(interrupted)) {
    for (std::size_t candidate = 0; candidate < plan.candidates.size(); ++candidate) {
        Candidate& one = plan.candidates[candidate];
        if (!one.command.empty()) one.packages = made_before(folder_of(one));
        learn_layer(candidate);
    }
}

CellId GuestBench::cell_of(const Candidate& candidate) const {
    return {.image = candidate.image, .case_id = plan_.subject.id, .variant = plan_.variant};
}

// By the command, too: another one makes other packages.
fs::path GuestBench::folder_of(const Candidate& candidate) const {
    return out_ / "made" / sha256(candidate.command).substr(0, 16) / candidate.name;
}

void GuestBench::learn_layer(std::size_t candidate) {
    const Candidate& one = plan_.candidates[candidate];
    if (one.packages.empty()) return;
    layers_[candidate] = {.packages = read_packages(one.files()), .keep = Keep::ForThisJob};
}

VerdictKey GuestBench::key_of(std::size_t candidate) const {
    const BisectImage& image = plan_.images.at(plan_.candidates[candidate].image);
    std::vector<std::string> layers;
    if (!layers_[candidate].empty()) layers.push_back(layer_key(image.definition, layers_[candidate]));
    return {.image = image.definition.digest,
            .machine = image.ready.machine,
            .stages = std::move(layers),
            .subject = subject_,
            .variant = plan_.variant,
            .ends = plan_.ends};
}

std::vector<CellResult> GuestBench::known(std::size_t candidate) const {
    const Candidate& one = plan_.candidates[candidate];
    if (!one.command.empty() && one.packages.empty()) return {};
    auto cells = cache_.find(key_of(candidate));
    for (auto& cell : cells) {  // it may have been another who ran them
        cell.install = one.files();
        cell.called = plan_.called;
        cell.again = again_command(cell);
    }
    return cells;
}

// Most questions need one guest, and what all candidates install would fill a disk: it is not kept.
std::variant<Job, CellResult> GuestBench::begin(std::size_t candidate, bool inspect) {
    Candidate& one = plan_.candidates[candidate];
    if (!one.command.empty() && one.packages.empty()) {
        try {
            one.packages = make_packages(one.command, one.name, folder_of(one), interrupted_);
            learn_layer(candidate);
        } catch (const NotInstallable& error) {
            CellResult cell = blank_result(cell_of(one), {}, plan_.called);
            cell.verdict = Verdict::NotInstallable;
            cell.outcome = Outcome::Mismatch;
            cell.because = error.what();
            return cell;
        }
    }
    RunCell job{.cell = cell_of(one),
                .evidence = (out_ / "evidence" / std::to_string(candidate)).string(),
                .ends = plan_.ends};
    if (!layers_[candidate].empty()) job.layers = {layers_[candidate]};
    if (inspect) job.inspect = inspection_script(plan_.images.at(one.image).definition);
    return job;
}

void GuestBench::keep(std::size_t candidate, const CellResult& cell) {
    cache_.keep(key_of(candidate), cell);
}

}  // namespace clamproof
