#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>
#include <map>
#include <utility>

#include "bisect/differences.h"
#include "bisect/guest_bench.h"
#include "casefile/case.h"
#include "casefile/matrix.h"
#include "cli/commands.h"
#include "cli/database_copier.h"
#include "cli/interrupt.h"
#include "cli/selection.h"
#include "guest/run_folder.h"
#include "image/built_image.h"
#include "image/install.h"
#include "image/package_source.h"
#include "jobs/pool.h"
#include "reports/bisect_reports.h"
#include "reports/layout.h"
#include "results/bisect_results.h"
#include "results/exit_code.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

Ends ends_of(const BisectOptions& options) {
    const Ends ends{.good = verdict_from(options.good), .bad = verdict_from(options.bad)};
    if (ends.good && ends.good == ends.bad)
        throw InputError(fmt::format(
            "{} cannot be both good and bad: name two verdicts, or one of them alone", options.good));
    return ends;
}

Case case_of(const Settings& settings, const BisectOptions& options) {
    const auto cases =
        select_cases(load_cases(settings.cases, load_facts(settings.images)), {options.case_id});
    if (cases.size() == 1) return cases[0];
    throw InputError(fmt::format("\"{}\" matches {} cases; name one", options.case_id, cases.size()));
}

Variant variant_of(const Case& subject, const BisectOptions& options) {
    const auto variants = expand(subject.matrix, read_variant_filter(options.variants, {subject}));
    if (variants.size() == 1) return variants[0];
    throw InputError(
        fmt::format("{} has {} variants like that; pick one by --variant K=V", subject.id, variants.size()));
}

// The only one that packages are installed over.
std::string image_of(const Settings& settings, const BisectOptions& options) {
    const auto names = select_images(
        settings, options.image.empty() ? std::vector<std::string>{} : std::vector{options.image});
    if (names.size() == 1) return names[0];
    throw InputError(
        fmt::format("{} images could be meant; name the one that candidates are installed over by --image",
                    names.size()));
}

// Each step is said once, however often it tells how far it is.
std::function<void(const Event&)> tell_steps() {
    return [told = std::map<std::string, std::string>()](const Event& event) mutable {
        const auto* step = std::get_if<BuildStep>(&event);
        if (step && std::exchange(told[step->image], step->step) != step->step)
            say(fmt::format("{}: {}", step->image, step->step));
    };
}

// Ready to be run, in the store or made here.
std::map<std::string, BisectImage> ready_images(const std::vector<ImageDefinition>& definitions,
                                                Dispatcher& dispatcher) {
    std::vector<Job> jobs;
    for (const auto& definition : definitions) jobs.emplace_back(PrepareImage{.image = definition.name});
    auto results = run_all(dispatcher, std::move(jobs), tell_steps());
    std::map<std::string, BisectImage> images;
    for (std::size_t i = 0; i < definitions.size(); ++i) {
        if (!results[i]) throw InfraError("interrupted");
        if (const auto* failed = std::get_if<ImageFailed>(&*results[i])) throw InfraError(failed->why);
        images.emplace(
            definitions[i].name,
            BisectImage{.definition = definitions[i], .ready = std::get<ImageReady>(*std::move(results[i]))});
    }
    return images;
}

BuiltImage built_image(const ImageDefinition& definition) {
    auto built = find_built(definition, patient_store(), say);
    if (!built) throw InfraError(definition.name + " vanished from the store");
    return *std::move(built);
}

std::vector<Candidate> candidates_of(const Settings& settings, const BisectOptions& options,
                                     const ImageDefinition& image) {
    std::optional<BuiltImage> built;
    std::optional<PackageSource> source;
    if (named_images(options.candidates).empty())
        source.emplace(built.emplace(built_image(image)), database_copier(settings),
                       LockWait{.cancelled = interrupted, .say = say});
    const PackageReader reader{
        .get = [&](const std::string& word) { return source->get({.words = {word}}); },
        .in_order = [&](const auto& versions) { return versions_in_order(image, versions); }};
    return between(read_candidates(options.candidates, image.name, reader), options.from, options.to);
}

// Every image that a candidate is of.
std::vector<ImageDefinition> definitions_of(const Settings& settings, const BisectOptions& options) {
    auto names = named_images(options.candidates);
    if (names.empty()) names = {image_of(settings, options)};
    std::vector<ImageDefinition> definitions;
    for (const auto& name : select_images(settings, names))
        definitions.push_back(load_image(settings.images, name));
    for (auto& definition : definitions)
        definition.asked = facts_brought_by(settings.cases, load_facts(settings.images));
    return definitions;
}

BisectPlan plan_of(const Settings& settings, const BisectOptions& options,
                   const std::vector<ImageDefinition>& images, Dispatcher& dispatcher) try {
    BisectPlan plan{.subject = case_of(settings, options),
                    .library = {},
                    .variant = {},
                    .ends = ends_of(options),
                    .confidence = options.confidence,
                    .images = {},
                    .candidates = {},
                    .called = called_of(settings)};
    plan.library = library_of(settings.cases, plan.subject);
    plan.variant = variant_of(plan.subject, options);
    plan.images = ready_images(images, dispatcher);
    plan.candidates = candidates_of(settings, options, images.front());
    return plan;
} catch (const NotInstallable& error) {
    throw InputError(error.what());
}

// What a person who waits wants to know: what came out, how many it may still be, and how long.
class Watch {
  public:
    Watch(const BisectPlan& plan, std::size_t workers) : plan_(plan), workers_(workers) {}

    void on(const BisectRun& run, std::size_t left) {
        if (run.cached) return;
        seconds_ += run.cell.seconds;
        ++runs_;
        say(fmt::format("{}: {}, {} ({}); {}", plan_.candidates[run.candidate].name,
                        to_string(run.cell.verdict),
                        run.side == Side::Good  ? "good"
                        : run.side == Side::Bad ? "bad"
                                                : "cannot be told",
                        duration(run.cell.seconds), outlook(left)));
    }

  private:
    std::string outlook(std::size_t left) const {
        if (left <= 1) return "making sure";
        const double rounds =
            std::ceil(std::log2(left) / std::log2(workers_ + 1)) + 6.0 / static_cast<double>(workers_);
        return fmt::format("{} left, about {}", counted(left, "candidate"),
                           duration(rounds * seconds_ / std::max(1, runs_)));
    }

    const BisectPlan& plan_;
    std::size_t workers_;
    double seconds_ = 0;
    int runs_ = 0;
};

Bisection run(BisectPlan& plan, const Settings& settings, Dispatcher& dispatcher) {
    GuestBench bench(plan, settings.out, VerdictCache(), interrupted);
    Watch watch(plan, dispatcher.workers());
    return bisect(plan.candidates.size(), plan.ends, plan.confidence, dispatcher, bench,
                  [&](const BisectRun& one, std::size_t left) { watch.on(one, left); });
}

// The search could not begin, because a person was wrong about an end or it cannot be run.
void check_ends(const BisectPlan& plan, const Bisection& bisection) {
    using enum SearchResult::Kind;
    const auto kind = bisection.result.kind;
    if (kind == Change) return;
    const bool good = kind == GoodEndIsBad || kind == NoGoodEnd;
    const std::size_t end = good ? 0 : plan.candidates.size() - 1;
    const BisectRun& last = *bisection.run_of(end);
    const std::string what = fmt::format("the {} end {} came out `{}`", good ? "good" : "bad",
                                         plan.candidates[end].name, to_string(last.cell.verdict));
    const std::string because =
        last.cell.because.empty() ? "" : fmt::format(" ({})", one_line(last.cell.because));
    const std::string helps = fmt::format(
        "name another by {}, or say by --good and --bad which verdicts are which", good ? "--from" : "--to");
    if (kind == GoodEndIsBad || kind == BadEndIsGood)
        throw InputError(fmt::format("{}, which is {}: {}", what, good ? "bad" : "good", helps));
    if (last.cell.verdict == Verdict::InfraError) throw InfraError(what + because);
    throw InputError(fmt::format("{}{}, which is neither good nor bad: {}", what, because, helps));
}

BisectReport search(const Settings& settings, const BisectOptions& options) {
    const Stopwatch watch;
    ends_of(options);
    const auto images = definitions_of(settings, options);
    std::string why;
    // One a core, of containers, too: each result can make the runs beside it pointless.
    const int workers = worker_count(settings, options.jobs, {.mib = load_of(images).mib}, why);
    WorkerPool pool(worker_argv(settings), workers);
    Dispatcher dispatcher(pool, dispatch_hooks(interrupted, called_of(settings)));
    BisectPlan plan = plan_of(settings, options, images, dispatcher);
    say(fmt::format("{}, {} side by side ({})", counted(plan.candidates.size(), "candidate"),
                    counted(static_cast<std::size_t>(workers), "guest"), why));
    BisectReport report{.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))),
                        .seconds = 0,
                        .case_id = plan.subject.id,
                        .variant = plan.variant,
                        .ends = plan.ends,
                        .confidence = plan.confidence,
                        .candidates = {},
                        .bisection = run(plan, settings, dispatcher),
                        .differences = {},
                        .called = plan.called};
    report.candidates = plan.candidates;
    if (!report.bisection.interrupted) check_ends(plan, report.bisection);
    if (report.found()) report.differences = differences_between(plan, report, dispatcher);
    interrupted() ? pool.end() : pool.finish();
    report.seconds = watch.seconds();
    write_bisect(report, plan, settings);
    return report;
}

}  // namespace

int bisect_command(const Settings& settings, const BisectOptions& options) try {
    catch_interrupts();
    for (const auto& words : reap_dead_runs()) say(words);
    fmt::print("{}", bisect_summary(search(absolute(settings), options)));
    return interrupted() ? Exit::Interrupted : Exit::AsExpected;
} catch (const InfraError&) {
    if (interrupted()) return Exit::Interrupted;
    throw;
}

}  // namespace clamproof
