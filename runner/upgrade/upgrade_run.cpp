#include "upgrade/upgrade_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>

#include "image/install.h"
#include "proof/fix_survival.h"
#include "results/again.h"
#include "run/host_info.h"
#include "upgrade/representative.h"
#include "upgrade/stages.h"

namespace clamproof {
namespace {

// One image on its way.
struct ImageState {
    const ImageDefinition* definition = nullptr;
    UpgradedImage result;
    std::vector<Layer> below;  // the state before
    Layer upgrade;
    std::optional<BuiltImage> built, before, after;
    Inventory seen_before;
    std::string after_trouble;  // why there is no state after, for which the harness is to blame

    std::vector<Layer> above() const {
        auto stages = below;
        stages.push_back(upgrade);
        return stages;
    }
};

struct FoundPackages {
    std::vector<PackageFile> from, to;
    std::string not_installable;  // the package manager's words
};

enum class Doing { Build, Before, After, CellBefore, CellBeforeWhole, CellAfter, Fixes };

struct Task {
    Doing doing;
    std::size_t image;
    std::size_t row = 0;  // of a cell
    int tries = 0;
};

class UpgradeRun {
  public:
    UpgradeRun(const UpgradeOrder& order, const Settings& settings, WorkerPool& pool,
               const UpgradeHooks& hooks, UpgradeResults& results)
        : order_(order), settings_(settings), pool_(pool), hooks_(hooks), results_(results) {
        for (const auto& definition : order.images) {
            add_state(definition, Before::AsShipped);
            if (!order.lived_in.empty()) add_state(definition, Before::LivedIn);
        }
    }

    void run() {
        for (std::size_t i = 0; i < images_.size(); ++i) {
            images_[i].built = stored(*images_[i].definition);
            if (images_[i].built)
                look_for_packages(i);
            else if (images_[i].result.state == Before::AsShipped)  // one build for both
                give({.doing = Doing::Build, .image = i}, prepare_job(i, {}, ""));
        }
        refuse_where_nothing_changes();
        while (!queue_.empty() || !pool_.all_idle()) {
            if (hooks_.interrupted()) {
                results_.interrupted = true;
                pool_.end();
                break;
            }
            for (auto idle = pool_.idle(); idle && !queue_.empty(); idle = pool_.idle()) {
                pool_.give(*idle, queue_.front());
                queue_.pop_front();
            }
            for (auto& report : pool_.wait(0.1)) take(report);
        }
        refuse_where_nothing_changes();
        finish();
    }

  private:
    void add_state(const ImageDefinition& definition, Before before) {
        ImageState state;
        state.definition = &definition;
        state.result.name = definition.name;
        state.result.state = before;
        state.result.digest = definition.digest;
        images_.push_back(std::move(state));
    }

    bool is_of(const UpgradeRow& row, const ImageState& image) const {
        return row.image == image.definition->name && row.state == image.result.state;
    }

    static std::optional<BuiltImage> stored(const ImageDefinition& definition) {
        const auto built = find_built(definition, ImageStore(), [](const std::string&) {});
        return built && !built->facts.empty() ? built : std::nullopt;
    }

    void say(const std::string& text) {
        Event event;
        event.kind = EventKind::Message;
        event.text = text;
        hooks_.on_event(event);
    }

    // --- Jobs

    Job prepare_job(std::size_t image, std::vector<Layer> stages, const std::string& look) const {
        Job job{.image = images_[image].definition->name, .case_id = "", .variant = {}, .evidence = ""};
        job.stages = std::move(stages);
        job.look = look;
        return job;
    }

    Job cell_job(const Task& task) const {
        const UpgradeRow& row = results_.rows[task.row];
        const ImageState& image = images_[task.image];
        Job job{.image = row.image, .case_id = row.case_id, .variant = row.variant, .evidence = ""};
        job.evidence = hooks_.evidence_folder(row.state, side_of(task.doing), row.before);
        job.stages = task.doing == Doing::CellAfter ? image.above() : image.below;
        // Immune is one side, all that a reproduced failure may become is the other.
        if (task.doing == Doing::CellBefore) job.question = Ends{.good = Verdict::Immune, .bad = {}};
        if (task.doing == Doing::Fixes) job.later = image.upgrade;
        return job;
    }

    static UpgradeSide side_of(Doing doing) {
        return doing == Doing::CellAfter ? UpgradeSide::After
               : doing == Doing::Fixes   ? UpgradeSide::Fixes
                                         : UpgradeSide::Before;
    }

    static bool prepares(Doing doing) { return doing <= Doing::After; }

    // What others wait for goes first.
    void give(const Task& task, Job job) {
        tasks_.emplace(job_to_json(job), task);
        if (prepares(task.doing))
            queue_.push_front(std::move(job));
        else
            queue_.push_back(std::move(job));
    }
    void give(const Task& task) { give(task, cell_job(task)); }

    void take(const WorkerPool::Report& report) {
        Task& task = tasks_.at(job_to_json(report.job));
        if (report.event) show(*report.event, task);
        if (!report.ends_job) return;
        if (!report.event) return died(report.job, task);
        if (prepares(task.doing))
            prepared(task, *report.event);
        else
            cell_ended(task, *report.event->cell);
    }

    void show(Event event, const Task& task) {
        if (!prepares(task.doing))
            event.case_id += fmt::format(" {} {}", to_string(images_[task.image].result.state),
                                         to_string(side_of(task.doing)));
        if (event.cell) {
            event.cell->case_id = event.case_id;
            event.cell->expected = event.cell->verdict;  // each side is what it is
            event.cell->outcome = event.cell->verdict == Verdict::InfraError ? Outcome::Infra : Outcome::Pass;
        }
        hooks_.on_event(event);
    }

    // Once may be bad luck.
    void died(const Job& job, Task& task) {
        if (++task.tries == 1) {
            say(fmt::format("a worker died over {}; the job is done again",
                            cell_key(job.image, job.case_id, job.variant)));
            queue_.push_front(job);
            return;
        }
        const std::string why = "the worker process died twice over it";
        Event event;
        event.text = why;
        if (prepares(task.doing)) return prepared(task, event);
        CellResult cell = results_.rows[task.row].before;
        cell.verdict = Verdict::InfraError;
        cell.because = why;
        cell_ended(task, cell);
    }

    // --- From an image to the states before and after

    void prepared(const Task& task, const Event& event) {
        ImageState& image = images_[task.image];
        const bool refused = event.kind == EventKind::NotInstallable;
        if (task.doing == Doing::Build) {
            for (std::size_t i = 0; i < images_.size(); ++i) {
                if (images_[i].definition != image.definition) continue;
                if (!event.text.empty()) {
                    give_up_image(i, event.text);
                    continue;
                }
                images_[i].built = stored(*image.definition);
                look_for_packages(i);
            }
        } else if (task.doing == Doing::Before) {
            if (refused) throw InputError("there is no state to upgrade from: " + event.text);
            if (!event.text.empty()) return give_up_image(task.image, event.text);
            image.before = find_layers(*image.built, image.below);
            image.seen_before = parse_inventory(event.look);
            before_is_ready(task.image);
        } else {
            if (refused)
                image.result.not_installable = event.text;
            else if (!event.text.empty())
                image.after_trouble = event.text;
            else
                after_is_ready(image, event.look);
            begin_after(task.image);
        }
    }

    // Looked for once for all states of an image.
    const FoundPackages& packages_for(const ImageState& image) {
        const auto [at, is_new] = found_.try_emplace(image.definition->name);
        FoundPackages& found = at->second;
        if (!is_new) return found;
        say(fmt::format("{}: looking for packages", image.definition->name));
        const PackageSource source(*image.built, hooks_.copy_database);
        if (!order_.from.empty()) found.from = source.get({.words = order_.from, .scope = order_.scope});
        try {
            found.to = source.get({.words = order_.to, .scope = order_.scope, .below = found.from});
        } catch (const NotInstallable& error) {
            found.not_installable = error.what();
        }
        return found;
    }

    void look_for_packages(std::size_t i) {
        ImageState& image = images_[i];
        const FoundPackages& found = packages_for(image);
        if (found.not_installable.empty() && found.to.empty()) {
            nothing_changes_.insert(i);
            return;
        }
        image.result.not_installable = found.not_installable;
        image.result.from = told(found.from);
        image.result.to = told(found.to);
        image.upgrade = stage_of(found.to);
        if (!found.from.empty()) image.below.push_back(stage_of(found.from));
        if (image.result.state == Before::LivedIn)
            image.below.push_back({.packages = {}, .script = order_.lived_in});
        tell_of_guests(results_.host, *image.built, settings_);
        give({.doing = Doing::Before, .image = i}, prepare_job(i, image.below, order_.look));
    }

    // One image of several may be there already.
    void refuse_where_nothing_changes() const {
        if (nothing_changes_.empty() || nothing_changes_.size() < images_.size()) return;
        throw InputError(fmt::format(
            "nothing would change: {} has what {} would bring already; name an older state with --from",
            images_[*nothing_changes_.begin()].definition->name, fmt::join(order_.to, " ")));
    }

    void before_is_ready(std::size_t i) {
        ImageState& image = images_[i];
        for (const auto& subject : order_.cases) choose_rows(i, subject);
        for (std::size_t row = 0; row < results_.rows.size(); ++row)
            if (is_of(results_.rows[row], image)) give({.doing = Doing::CellBefore, .image = i, .row = row});
        if (!image.result.not_installable.empty()) return begin_after(i);
        give({.doing = Doing::After, .image = i}, prepare_job(i, image.above(), order_.look));
    }

    void choose_rows(std::size_t i, const Case& subject) {
        const Facts& facts = images_[i].before->facts;
        std::vector<Variant> variants;
        if (!order_.variants.empty()) {
            for (auto& variant : expand(subject.matrix, order_.variants))
                if (!why_skipped(subject, facts, variant)) variants.push_back(std::move(variant));
        } else if (auto one = representative(subject, facts)) {
            variants.push_back(std::move(*one));
        }
        for (auto& variant : variants) add_row(i, subject, std::move(variant));
        const auto all = expand(subject.matrix, order_.variants);
        if (variants.empty() && !all.empty() && images_[i].result.state == Before::AsShipped)
            results_.skipped.push_back({.image = images_[i].definition->name,
                                        .case_id = subject.id,
                                        .because = *why_skipped(subject, facts, all.front())});
    }

    void add_row(std::size_t i, const Case& subject, Variant variant) {
        UpgradeRow row;
        row.image = images_[i].definition->name;
        row.state = images_[i].result.state;
        row.case_id = subject.id;
        row.variant = std::move(variant);
        for (auto* cell : {&row.before, &row.after, &row.with_fixes}) {
            *cell = blank_result(row.image, row.case_id, row.variant, {});
            cell->because = "it was not run";
        }
        row.with_fixes.because.clear();
        results_.rows.push_back(std::move(row));
    }

    void after_is_ready(ImageState& image, const std::string& look) {
        image.after = find_layers(*image.built, image.above());
        image.result.words = image.after->output;
        Inventory before = package_inventory(image.before->packages);
        Inventory after = package_inventory(image.after->packages);
        before.insert(image.seen_before.begin(), image.seen_before.end());
        after.merge(parse_inventory(look));
        image.result.changes = what_changed(before, after);
    }

    void begin_after(std::size_t i) {
        const ImageState& image = images_[i];
        for (std::size_t row = 0; row < results_.rows.size(); ++row) {
            if (!is_of(results_.rows[row], image)) continue;
            if (image.after) {
                give({.doing = Doing::CellAfter, .image = i, .row = row});
                try_fixes(i, row);
                continue;
            }
            CellResult& after = results_.rows[row].after;
            const bool refused = !image.result.not_installable.empty();
            after.verdict = refused ? Verdict::NotInstallable : Verdict::InfraError;
            after.because = refused ? image.result.not_installable : image.after_trouble;
            results_.rows[row].with_fixes.because = "there is no state after the upgrade";
        }
    }

    void give_up_image(std::size_t i, const std::string& why) {
        for (const auto& subject : order_.cases) {
            add_row(i, subject, {});
            results_.rows.back().before.because = why;
        }
    }

    // --- Cells

    void cell_ended(const Task& task, const CellResult& cell) {
        UpgradeRow& row = results_.rows[task.row];
        switch (task.doing) {
            case Doing::CellBeforeWhole:
                row.before_is_whole = true;
                row.before = cell;
                break;
            case Doing::CellBefore:
                row.before = cell;
                done_before_.insert(task.row);
                try_fixes(task.image, task.row);
                break;
            case Doing::CellAfter:
                row.after = cell;
                done_after_.insert(task.row);
                break;
            default:
                row.with_fixes = cell;
        }
        const bool both = done_before_.contains(task.row) && done_after_.contains(task.row);
        if (both && needs_whole_verdict(row.before.verdict, row.after.verdict) &&
            whole_.insert(task.row).second)
            give({.doing = Doing::CellBeforeWhole, .image = task.image, .row = task.row});
    }

    // Where nothing fails before there is nothing that a fix could have cured, and where the packages do not
    // install there is nothing to survive.
    void try_fixes(std::size_t image, std::size_t index) {
        const UpgradeRow& row = results_.rows[index];
        if (!images_[image].after || !done_before_.contains(index) ||
            row.before.verdict != Verdict::Reproduced)
            return;
        const auto fixes = fixes_for(case_of(row), images_[image].before->facts, row.variant);
        if (std::any_of(fixes.begin(), fixes.end(), [](const Fix* fix) { return is_to_last(*fix); }))
            give({.doing = Doing::Fixes, .image = image, .row = index});
    }

    const Case& case_of(const UpgradeRow& row) const {
        return *std::find_if(order_.cases.begin(), order_.cases.end(),
                             [&](const Case& subject) { return subject.id == row.case_id; });
    }

    void finish() {
        for (auto& row : results_.rows) {
            const auto image = std::find_if(images_.begin(), images_.end(),
                                            [&](const ImageState& state) { return is_of(row, state); });
            judge_row(row, case_of(row), image->before ? image->before->facts : Facts{});
        }
        std::stable_sort(results_.rows.begin(), results_.rows.end(),
                         [](const UpgradeRow& one, const UpgradeRow& other) {
                             return std::tie(one.image, one.state) < std::tie(other.image, other.state);
                         });
        for (auto& image : images_)
            if (!nothing_changes_.contains(static_cast<std::size_t>(&image - images_.data())))
                results_.images.push_back(std::move(image.result));
    }

    const UpgradeOrder& order_;
    const Settings& settings_;
    WorkerPool& pool_;
    const UpgradeHooks& hooks_;
    UpgradeResults& results_;
    std::vector<ImageState> images_;
    std::map<std::string, FoundPackages> found_;  // by image
    std::set<std::size_t> nothing_changes_;       // numbers of images
    std::deque<Job> queue_;
    std::map<std::string, Task> tasks_;                       // by the job as text
    std::set<std::size_t> done_before_, done_after_, whole_;  // numbers of rows
};

}  // namespace

std::string_view to_string(UpgradeSide side) {
    constexpr std::string_view names[] = {"before", "after", "fixes"};
    return names[static_cast<std::size_t>(side)];
}

void run_upgrade(const UpgradeOrder& order, const Settings& settings, WorkerPool& pool,
                 const UpgradeHooks& hooks, UpgradeResults& results) {
    UpgradeRun(order, settings, pool, hooks, results).run();
}

}  // namespace clamproof
