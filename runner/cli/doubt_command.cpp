#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "casefile/case.h"
#include "casefile/matrix.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/selection.h"
#include "doubt/sabotage.h"
#include "guest/run_folder.h"
#include "image/kind.h"
#include "jobs/pool.h"
#include "reports/layout.h"
#include "reports/reports.h"
#include "results/exit_code.h"
#include "results/results_json.h"
#include "run/run.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

// A cell that shows a sabotage.
struct Doubted {
    Sabotage sabotage;
    std::string case_id;  // of the case that is doubted
    fs::path folder;      // of the broken case
    std::string image;
    Variant variant;
};

// The cheapest image and variant of those that are built whose expectation is a verdict: containers start in
// no time.
class Shows {
  public:
    Shows(const std::vector<BuiltImage>& images, const Case& subject) : images_(images), subject_(subject) {}

    struct Cell {
        const BuiltImage* image;
        Variant variant;
    };
    // Of every image, or of the cheapest alone.
    std::vector<Cell> cells(Verdict verdict, bool every_image) const {
        std::vector<Cell> found;
        for (const auto& image : images_) {
            if (!every_image && !found.empty()) break;
            for (auto& variant : expand(subject_.matrix, {})) {
                if (why_skipped(subject_, image.facts, variant)) continue;
                const Expectation* expectation = expected(subject_, image.facts, variant);
                if (!expectation || expectation->verdict != verdict) continue;
                found.push_back({.image = &image, .variant = std::move(variant)});
                break;
            }
        }
        return found;
    }

  private:
    const std::vector<BuiltImage>& images_;
    const Case& subject_;
};

std::vector<BuiltImage> built_images(const std::vector<ImageDefinition>& definitions) {
    const ImageStore store = patient_store();
    std::vector<BuiltImage> images;
    for (const auto& definition : definitions)
        if (auto built = find_built(definition, store, say); built && !built->facts.empty())
            images.push_back(std::move(*built));
    std::stable_sort(images.begin(), images.end(), [](const BuiltImage& one, const BuiltImage& other) {
        return kind_of(one.definition).is_light() > kind_of(other.definition).is_light();
    });
    if (images.empty())
        throw InputError("no image is built that cases could be doubted on: run clamproof image build NAME");
    return images;
}

// Every cell that shows a sabotage. @param folder_for tells where the broken copies of a case go
std::vector<Doubted> doubt_cases(const Plan& plan, bool every_image,
                                 const std::function<fs::path(const Case&)>& folder_for) {
    const std::vector<BuiltImage> images = built_images(plan.images);
    std::vector<Doubted> all;
    for (const auto& subject : plan.cases) {
        bool shown = false;
        const fs::path folder = folder_for(subject);
        for (const auto& [verdict, expected_as] :
             {std::pair(Verdict::Fixed, ExpectedAs::Fixed), std::pair(Verdict::Immune, ExpectedAs::Immune)}) {
            for (const auto& cell : Shows(images, subject).cells(verdict, every_image)) {
                shown = true;
                // Each cell has copies of its own: which evidence and fixes there are hangs on it.
                const std::string name =
                    fmt::format("{}-{}", cell.image->definition.name, to_string(verdict));
                const fs::path copies = folder / name;
                make_folder(copies);
                for (auto& sabotage :
                     write_sabotages(subject, cell.image->facts, cell.variant, expected_as, copies)) {
                    const std::string id = sabotage.id + "." + name;
                    remove_tree(folder / id);
                    rename_path(copies / sabotage.id, folder / id);
                    sabotage.id = id;
                    all.push_back({.sabotage = std::move(sabotage),
                                   .case_id = subject.id,
                                   .folder = folder / id,
                                   .image = cell.image->definition.name,
                                   .variant = cell.variant});
                }
                remove_tree(copies);
            }
        }
        if (!shown) say(fmt::format("{}: no image that is built can show it", subject.id));
    }
    return all;
}

std::string line_of(const Doubted& doubted, const CellResult& cell) {
    return fmt::format("{}  {:<18} {} on {}{}", noticed(doubted.sabotage, cell) ? "noticed  " : "UNNOTICED",
                       to_string(cell.verdict), doubted.sabotage.id.substr(0, doubted.sabotage.id.rfind('.')),
                       doubted.image, doubted.variant.empty() ? "" : " " + variant_name(doubted.variant));
}

}  // namespace

int doubt_command(const Settings& given, const RunOptions& options, bool every_image) {
    Settings settings = absolute(given);
    Plan plan = make_plan(settings, options);
    // Cases that share a vocabulary still do.
    Folders copies;
    const auto folder_for = [&](const Case& subject) {
        const std::string library = library_of(settings.cases, subject);
        for (const auto& folder : copies.list)
            if (read_file(folder / "lib.sh") == library) return folder;
        const std::size_t others = copies.list.size();
        const fs::path folder = settings.out / (others == 0 ? "cases" : fmt::format("cases-{}", others + 1));
        make_folder(folder);
        write_file(folder / "lib.sh", library);
        copies.add(folder);
        return folder;
    };
    std::map<std::string, Doubted> doubted;
    for (auto& one : doubt_cases(plan, every_image, folder_for)) doubted.emplace(one.sabotage.id, one);

    plan.cases.clear();
    plan.only.emplace();
    std::set<std::string> images;
    for (const auto& [id, one] : doubted) {
        plan.cases.push_back(load_case(one.folder, load_facts(settings.images)));
        plan.only->insert({.image = one.image, .case_id = id, .variant = one.variant});
        plan.copy_of.emplace(id, one.case_id);
        images.insert(one.image);
    }
    std::erase_if(plan.images, [&](const ImageDefinition& image) { return !images.contains(image.name); });
    settings.cases = copies;
    plan.called = called_of(settings);
    settings.repeat = 0;  // each verdict is meant to be another than the case expects

    catch_interrupts();
    for (const auto& words : reap_dead_runs()) say(words);
    std::string why;
    WorkerPool pool(worker_argv(settings), worker_count(settings, options.jobs, load_of(plan.images), why));
    Dispatcher dispatcher(pool, dispatch_hooks(interrupted, called_of(settings)));
    RunResults run;
    run.host.accelerator = "none";
    const Stopwatch watch;
    std::size_t ended = 0;
    Durations durations;
    const auto on_event = [&](const Event& event) {
        const auto* cell = std::get_if<CellEnded>(&event);
        const auto one = cell ? doubted.find(cell->cell.case_id) : doubted.end();
        if (one != doubted.end())
            say(fmt::format("[{:7.1f} s] {:>3} of {}  {}", watch.seconds(), ++ended, doubted.size(),
                            line_of(one->second, cell->cell)));
    };
    run_plan(plan, dispatcher, run_hooks(settings, on_event), durations, run);
    pool.finish();
    run.seconds = watch.seconds();
    for (const auto& subject : plan.cases) run.cases.push_back(case_info(subject));
    write_reports(run, settings.out.string());

    std::size_t unnoticed = 0, failed = 0;
    for (const auto& cell : run.results) {
        const Doubted& one = doubted.at(cell.case_id);
        if (noticed(one.sabotage, cell)) continue;
        const bool harness = cell.verdict == Verdict::InfraError;
        ++(harness ? failed : unnoticed);
        fmt::print("{}  {}: {}; it came out {}{}\n", harness ? "NOT TRIED" : "UNNOTICED",
                   one_line(cell.case_id), one.sabotage.what, to_string(cell.verdict),
                   cell.because.empty() ? "" : ": " + one_line(cell.because));
    }
    fmt::print("{}, {} noticed, {} UNNOTICED, {} not tried, in {}\n", counted(run.results.size(), "sabotage"),
               run.results.size() - unnoticed - failed, unnoticed, failed, duration(run.seconds));
    if (run.interrupted) return Exit::Interrupted;
    if (unnoticed > 0) return Exit::Mismatch;
    return failed > 0 ? Exit::HarnessTrouble : Exit::AsExpected;
}

}  // namespace clamproof
