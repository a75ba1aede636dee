#include "reports/write_bisect.h"

#include "image/layer.h"
#include "reports/bisect_json.h"
#include "reports/bisect_markdown.h"
#include "reports/write.h"
#include "results/case_info.h"

namespace clamproof {
namespace {

// As if the candidate had been run alone.
void write_neighbour(const BisectReport& report, const BisectPlan& plan, const Settings& settings,
                     std::size_t number, const fs::path& out) {
    const BisectRun* last = report.bisection.run_of(number);
    if (!last) return;
    const Candidate& candidate = plan.candidates[number];
    const PackageSet packages = read_packages(candidate.files());
    const ImageReady& image = plan.images.at(candidate.image).ready;
    RunResults run;
    run.started = report.started;
    run.seconds = last->cell.seconds;
    run.host = image.host;
    run.images = {image.image};
    run.images.front().installed = packages.digests;
    // What a question installs is not kept, so no layer tells these.
    for (const auto& package : candidate.packages)
        if (!package.version.empty()) run.images.front().packages[package.name] = package.version;
    run.cases = {case_info(plan.subject)};
    run.results = {last->cell};
    for (Arm& arm : run.results.front().arms)
        for (auto& file : arm.artifacts) file = fs::proximate(settings.out / file, out).string();
    write_reports(run, out.string());
}

}  // namespace

void write_bisect(const BisectReport& report, const BisectPlan& plan, const Settings& settings) {
    make_folder(settings.out);
    write_file(settings.out / "bisect.json", to_json(report));
    write_file(settings.out / "bisect.md", markdown(report));
    if (!report.found()) return;
    write_neighbour(report, plan, settings, report.bisection.result.last_good, settings.out / "last-good");
    write_neighbour(report, plan, settings, report.bisection.result.first_bad, settings.out / "first-bad");
}

}  // namespace clamproof
