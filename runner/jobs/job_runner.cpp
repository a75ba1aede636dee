#include "jobs/job_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "casefile/case.h"
#include "casefile/facts.h"
#include "image/install.h"
#include "image/transfer/capsule.h"
#include "proof/cell_run.h"
#include "proof/fix_survival.h"
#include "results/again.h"
#include "results/judge.h"
#include "results/results_json.h"
#include "support/clock.h"
#include "support/files.h"

namespace clamproof {
namespace {

constexpr double inspect_deadline = 60;

ScriptResult inspect_guest(Guest& guest, const ImageDefinition& image, const std::string& script) {
    return guest.run({.text = clamd_exports(image) + script, .deadline = inspect_deadline});
}

LaterChange later_change(const Layer& layer, const ImageDefinition& image) {
    return [&](Guest& guest) { return install_packages(guest, image, layer.packages); };
}

std::map<std::string, std::string> digests_of(const std::vector<Layer>& layers) {
    std::map<std::string, std::string> digests;
    for (const Layer& layer : layers)
        digests.insert(layer.packages.digests.begin(), layer.packages.digests.end());
    return digests;
}

// Without it the run has its verdict still.
void keep_capsule(const RefutedState& refuted, const Snapshot& snapshot, const fs::path& evidence,
                  CellResult& result) {
    const fs::path file = evidence / (refuted.arm.folder() + ".capsule");
    const std::string at = refuted.arm.text();
    const CapsuleLabel label{.image = snapshot.definition().name,
                             .digest = snapshot.definition().digest,
                             .what = fmt::format("{}, at {}", result.id().text(), at),
                             .replay = look_command(result, at),
                             .origin = snapshot.origin()};
    const auto arm = std::find_if(result.arms.begin(), result.arms.end(),
                                  [&](const Arm& one) { return one.id == refuted.arm; });
    try {
        write_capsule(file, label, refuted.state, snapshot.built().entry.disk(), to_json(result));
        arm->artifacts.push_back(file.string());
    } catch (const std::exception& error) {
        arm->notes.push_back(fmt::format("the guest could not be kept: {}", error.what()));
    }
}

}  // namespace

void JobRunner::run(const Job& job) {
    std::visit(overloaded{[&](const PrepareImage& one) { prepare(one.image, one.layers, std::nullopt); },
                          [&](const InspectGuest& one) { prepare(one.image, one.layers, one.script); },
                          [&](const RunCell& one) { run_cell_job(one); },
                          [&](const CheckFixSurvival& one) { check_survival(one); }},
               job);
}

void JobRunner::prepare(const std::string& image, const std::vector<Layer>& layers,
                        const std::optional<std::string>& script) {
    const Stopwatch watch;
    try {
        send_ready(image, layers, script, watch);
    } catch (const std::exception& error) {
        hooks_.send(ImageFailed{.image = image, .why = error.what(), .seconds = watch.seconds()});
    }
}

void JobRunner::send_ready(const std::string& image, const std::vector<Layer>& layers,
                           const std::optional<std::string>& script, const Stopwatch& watch) {
    const auto once = [&] {
        ImageReady ready = make_ready(image, layers, script);
        ready.seconds = watch.seconds();
        hooks_.send(ready);
    };
    try {
        // What is done to a guest over its image may fail for the host's reasons, and is soon tried again.
        try {
            once();
        } catch (const InfraError& error) {
            if (layers.empty() || hooks_.stopped()) throw;
            hooks_.send(Message{fmt::format("{}; it is tried once more", error.what())});
            once();
        }
    } catch (const NotInstallable& error) {
        hooks_.send(PackagesRefused{.image = image,
                                    .why = error.what(),
                                    .without = make_ready(image, {}, std::nullopt),
                                    .seconds = watch.seconds()});
    }
}

ImageReady JobRunner::make_ready(const std::string& image, const std::vector<Layer>& layers,
                                 const std::optional<std::string>& script) const {
    const auto snapshot = hooks_.open(image, layers);
    const BuiltImage& built = snapshot->built();
    ImageReady ready{.image = {.name = built.definition.name,
                               .digest = built.definition.digest,
                               .facts = built.facts,
                               .packages = built.packages,
                               .installed = digests_of(layers)},
                     .host = hooks_.host_of(built),
                     .machine = built.origin.disk + " " + built.origin.key(),
                     .output = built.output};
    if (!script) return ready;
    snapshot->look([&](Guest& guest) {
        const ScriptResult seen = inspect_guest(guest, built.definition, *script);
        if (seen.exit != 0)
            throw InfraError(fmt::format("looking at a guest of {} failed with {}: {}", image, seen.exit,
                                         terminal_text(seen.err)));
        ready.inspected = seen.out.raw();
    });
    return ready;
}

void JobRunner::run_cell_job(const RunCell& job) {
    const Stopwatch watch;
    CellEnded ended;
    // The verdict does not depend on it.
    const auto inspect = [&](Snapshot& snapshot) {
        snapshot.look([&](Guest& guest) {
            const ScriptResult seen = inspect_guest(guest, snapshot.definition(), *job.inspect);
            if (seen.exit == 0) ended.inspected = seen.out.raw();
        });
    };
    // Who asks on which side a cell is asks again by himself.
    ended.cell = run_until_believed(
        [&](int number) {
            return once(job, number, [&](const Scene& scene) {
                if (job.inspect) inspect(scene.snapshot);
                return prove(job, number, scene);
            });
        },
        job.ends ? 0 : settings_.repeat);
    ended.cell.seconds = watch.seconds();
    hooks_.send(ended);
}

void JobRunner::check_survival(const CheckFixSurvival& job) {
    const Stopwatch watch;
    SurvivalEnded ended;
    ended.cell = run_until_believed(
        [&](int number) {
            ended.fixes.clear();
            return once(job, number, [&](const Scene& scene) {
                Survival survival =
                    run_fix_survival(scene.cell, scene.snapshot, later_change(job.change, scene.cell.image),
                                     sink(), scene.evidence);
                ended.fixes = std::move(survival.fixes);
                return std::move(survival.cell);
            });
        },
        0);
    ended.cell.seconds = watch.seconds();
    hooks_.send(ended);
}

// @param number of the run, from 1 @param use runs the cell
template <typename CellJob, typename Use>
CellResult JobRunner::once(const CellJob& job, int number, Use use) {
    const fs::path evidence =
        number == 1 ? fs::path(job.evidence) : job.evidence / fs::path(fmt::format("run-{}", number));
    const Stopwatch watch;
    CellResult result = blank_result(job.cell, packages_of(job.layers), called_of(settings_));
    try {
        remove_tree(evidence);  // an earlier run's would be mistaken for this one's
        const auto snapshot = hooks_.open(job.cell.image, job.layers);
        const Case subject = load_case(settings_.cases.find(job.cell.case_id), load_facts(settings_.images));
        const Cell cell{.subject = subject,
                        .image = snapshot->definition(),
                        .facts = snapshot->built().facts,
                        .variant = job.cell.variant,
                        .library = library_of(settings_.cases, subject),
                        .install = packages_of(job.layers),
                        .called = called_of(settings_),
                        .over = snapshot->layers()};
        result = use(Scene{.cell = cell, .snapshot = *snapshot, .evidence = evidence});
        for (auto& arm : result.arms)
            for (auto& file : arm.artifacts) file = fs::relative(file, settings_.out).string();
    } catch (const NotInstallable& error) {
        result.because = error.what();
        result.verdict = Verdict::NotInstallable;
        result.outcome = Outcome::Mismatch;
    } catch (const std::exception& error) {
        result.because = error.what();
    }
    result.seconds = watch.seconds();
    return result;
}

CellResult JobRunner::prove(const RunCell& job, int number, const Scene& scene) {
    // A rerun shares no state with the run that it is to confirm.
    SharedStates fresh;
    const Sharing sharing =
        number == 1
            ? Sharing{.states = states_, .siblings = job.siblings, .same_variant = job.copy_of.has_value()}
            : Sharing{.states = fresh};
    std::vector<RefutedState> refuted;
    CellResult result = run_cell(
        scene.cell, scene.snapshot, sharing, sink(),
        {.evidence = scene.evidence, .refuted = settings_.capsules ? &refuted : nullptr, .ends = job.ends});
    // One of a cell is enough: a rerun comes to the same state.
    if (result.outcome == Outcome::Mismatch && number == 1)
        for (const auto& each : refuted) keep_capsule(each, scene.snapshot, scene.evidence, result);
    return result;
}

ProgressSink JobRunner::sink() const {
    return [this](const CellProgress& progress) {
        std::visit([this](const auto& one) { hooks_.send(one); }, progress);
    };
}

}  // namespace clamproof
