#include "upgrade/upgrade_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "image/install.h"
#include "proof/inventory.h"
#include "results/again.h"
#include "upgrade/judgement.h"

namespace clamproof {
namespace {

// One image on its way, in one of the states before.
struct ImageState {
    const ImageDefinition* definition = nullptr;
    UpgradedImage result{};
    std::vector<Layer> below{};  // that make the state before
    Layer upgrade{};
    std::optional<ImageReady> before{}, after{};
    std::string after_trouble{};  // why there is no state after, for which the harness is to blame

    std::vector<Layer> above() const {
        auto layers = below;
        layers.push_back(upgrade);
        return layers;
    }
};

struct FoundPackages {
    std::vector<PackageFile> from, to;
    std::string not_installable;  // the package manager's words
};

// What a job is for.
struct BuildImage {
    const ImageDefinition* definition;
};
enum class Side { Before, After };
struct MakeState {
    std::size_t image;
    Side side;
};
enum class CellPart { Before, BeforeWhole, After, Fixes };
struct RunRow {
    std::size_t row;
    CellPart part;
};
using Task = std::variant<BuildImage, MakeState, RunRow>;

Layer layer_of(const std::vector<PackageFile>& packages) {
    std::vector<std::string> files;
    for (const auto& package : packages) files.push_back(package.file.string());
    return {.packages = read_packages(files)};
}

std::vector<UpgradePackage> package_list(const std::vector<PackageFile>& packages) {
    std::vector<UpgradePackage> list;
    for (const auto& package : packages)
        list.push_back({.name = package.name, .version = package.version, .file = package.file.filename()});
    return list;
}

UpgradeSide side_of(CellPart part) {
    return part == CellPart::After   ? UpgradeSide::After
           : part == CellPart::Fixes ? UpgradeSide::Fixes
                                     : UpgradeSide::Before;
}

class UpgradeStrategy : public Strategy {
  public:
    UpgradeStrategy(const UpgradeOrder& order, const UpgradeHooks& hooks, UpgradeResults& results)
        : order_(order), hooks_(hooks), results_(results) {
        for (const auto& definition : order.images) {
            images_.push_back(
                {.definition = &definition, .result = before_of(definition, Before::AsShipped)});
            if (!order.lived_in.empty())
                images_.push_back(
                    {.definition = &definition, .result = before_of(definition, Before::LivedIn)});
            give(BuildImage{&definition}, PrepareImage{.image = definition.name});
        }
    }

    std::vector<Assignment> next(const std::vector<std::size_t>& idle) override {
        std::vector<Assignment> now;
        for (const std::size_t worker : idle) {
            if (queue_.empty()) break;
            queue_.front().worker = worker;
            now.push_back(std::move(queue_.front()));
            queue_.pop_front();
        }
        return now;
    }

    void on_event(JobId id, const Event& event) override {
        const auto* row = std::get_if<RunRow>(&task(id));
        hooks_.on_event(row ? renamed(event, *row) : event);
    }

    void on_result(JobId id, JobResult result) override {
        const Task done = task(id);
        std::visit(overloaded{[&](BuildImage build) { built(*build.definition, std::move(result)); },
                              [&](MakeState state) { state_made(state, std::move(result)); },
                              [&](RunRow row) { row_run(row, std::move(result)); }},
                   done);
    }

    void finish() {
        refuse_where_nothing_changes();
        for (std::size_t i = 0; i < results_.rows.size(); ++i) {
            UpgradeRow& row = results_.rows[i];
            const auto& before = images_[image_of_[i]].before;
            judge_row(row, case_of(row), before ? before->image.facts : Facts{});
        }
        std::stable_sort(results_.rows.begin(), results_.rows.end(),
                         [](const UpgradeRow& one, const UpgradeRow& other) {
                             return std::tie(one.image, one.state) < std::tie(other.image, other.state);
                         });
        for (std::size_t i = 0; i < images_.size(); ++i)
            if (!nothing_changes_.contains(i)) results_.images.push_back(std::move(images_[i].result));
    }

  private:
    static UpgradedImage before_of(const ImageDefinition& definition, Before state) {
        UpgradedImage image;
        image.name = definition.name;
        image.state = state;
        image.digest = definition.digest;
        return image;
    }

    const Task& task(JobId id) const { return tasks_[static_cast<std::size_t>(id)]; }

    // What others wait for goes first.
    void give(const Task& task, Job job) {
        Assignment assignment{.id = JobId{tasks_.size()}, .job = std::move(job)};
        tasks_.push_back(task);
        if (std::holds_alternative<RunRow>(task))
            queue_.push_back(std::move(assignment));
        else
            queue_.push_front(std::move(assignment));
    }

    void give_row(std::size_t index, CellPart part) {
        const UpgradeRow& row = results_.rows[index];
        const ImageState& image = images_[image_of_[index]];
        const CellId cell = row.before.id();
        const std::string evidence = hooks_.evidence_folder(row.state, side_of(part), cell);
        const RunRow task{.row = index, .part = part};
        if (part == CellPart::Fixes)
            return give(
                task,
                CheckFixSurvival{
                    .cell = cell, .layers = image.below, .evidence = evidence, .change = image.upgrade});
        RunCell job{.cell = cell,
                    .layers = part == CellPart::After ? image.above() : image.below,
                    .evidence = evidence};
        // Immune is one side, all that a reproduced failure may become is the other.
        if (part == CellPart::Before) job.ends = Ends{.good = Verdict::Immune, .bad = {}};
        give(task, std::move(job));
    }

    void say(const std::string& text) { hooks_.on_event(Message{.text = text}); }

    std::string side_text(const RunRow& task) const {
        return fmt::format(" {} {}", to_string(results_.rows[task.row].state), to_string(side_of(task.part)));
    }

    Event renamed(Event event, const RunRow& task) const {
        std::visit(
            [&](auto& one) {
                if constexpr (requires { one.cell.case_id; }) one.cell.case_id += side_text(task);
            },
            event);
        return event;
    }

    // --- From an image to the states before and after

    void built(const ImageDefinition& definition, JobResult result) {
        std::visit(overloaded{[&](ImageReady& ready) { image_built(definition, ready); },
                              [&](ImageFailed& failed) {
                                  hooks_.on_event(failed);
                                  for (std::size_t i = 0; i < images_.size(); ++i)
                                      if (images_[i].definition == &definition) give_up_image(i, failed.why);
                              },
                              [](const auto&) {}},
                   result);
    }

    void image_built(const ImageDefinition& definition, const ImageReady& ready) {
        hooks_.on_event(ready);
        results_.host.add(ready.host);
        say(fmt::format("{}: looking for packages", definition.name));
        const FoundPackages found = packages_for(definition);
        for (std::size_t i = 0; i < images_.size(); ++i)
            if (images_[i].definition == &definition) make_before(i, found);
        refuse_where_nothing_changes();
    }

    FoundPackages packages_for(const ImageDefinition& definition) const {
        FoundPackages found;
        if (!order_.from.empty())
            found.from = hooks_.find_packages(definition, {.words = order_.from, .scope = order_.scope});
        try {
            found.to = hooks_.find_packages(definition,
                                            {.words = order_.to, .scope = order_.scope, .below = found.from});
        } catch (const NotInstallable& error) {
            found.not_installable = error.what();
        }
        return found;
    }

    void make_before(std::size_t i, const FoundPackages& found) {
        ImageState& image = images_[i];
        if (found.not_installable.empty() && found.to.empty()) {
            nothing_changes_.insert(i);
            return;
        }
        image.result.not_installable = found.not_installable;
        image.result.from = package_list(found.from);
        image.result.to = package_list(found.to);
        image.upgrade = layer_of(found.to);
        if (!found.from.empty()) image.below.push_back(layer_of(found.from));
        if (image.result.state == Before::LivedIn) image.below.push_back({.script = order_.lived_in});
        give(MakeState{.image = i, .side = Side::Before}, inspect(image, image.below));
    }

    Job inspect(const ImageState& image, std::vector<Layer> layers) const {
        return InspectGuest{
            .image = image.definition->name, .layers = std::move(layers), .script = order_.inventory};
    }

    // One image of several may be there already.
    void refuse_where_nothing_changes() const {
        if (nothing_changes_.empty() || nothing_changes_.size() < images_.size()) return;
        throw InputError(fmt::format(
            "nothing would change: {} has what {} would bring already; name an older state with --from",
            images_[*nothing_changes_.begin()].definition->name, fmt::join(order_.to, " ")));
    }

    void state_made(MakeState task, JobResult result) {
        ImageState& image = images_[task.image];
        std::visit([&](const auto& event) { hooks_.on_event(event); }, result);
        if (task.side == Side::After) {
            std::visit(
                overloaded{[&](ImageReady& ready) { after_is_ready(image, std::move(ready)); },
                           [&](ImageFailed& failed) { image.after_trouble = failed.why; },
                           [&](PackagesRefused& refused) { image.result.not_installable = refused.why; },
                           [](const auto&) {}},
                result);
            return begin_after(task.image);
        }
        std::visit(overloaded{[&](ImageReady& ready) {
                                  image.result.facts_before = ready.image.facts;
                                  image.before = std::move(ready);
                                  before_is_ready(task.image);
                              },
                              [&](ImageFailed& failed) { give_up_image(task.image, failed.why); },
                              [](PackagesRefused& refused) {
                                  throw InputError("there is no state to upgrade from: " + refused.why);
                              },
                              [](const auto&) {}},
                   result);
    }

    void before_is_ready(std::size_t i) {
        const std::size_t first = results_.rows.size();
        for (const auto& subject : order_.cases) choose_rows(i, subject);
        for (std::size_t row = first; row < results_.rows.size(); ++row) give_row(row, CellPart::Before);
        if (!images_[i].result.not_installable.empty()) return begin_after(i);
        give(MakeState{.image = i, .side = Side::After}, inspect(images_[i], images_[i].above()));
    }

    void choose_rows(std::size_t i, const Case& subject) {
        const Facts& facts = images_[i].before->image.facts;
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
        for (auto* cell : {&row.before, &row.after}) {
            *cell = blank_result({.image = row.image, .case_id = row.case_id, .variant = row.variant}, {},
                                 order_.called);
            cell->because = "it was not run";
        }
        results_.rows.push_back(std::move(row));
        image_of_.push_back(i);
    }

    void after_is_ready(ImageState& image, ImageReady ready) {
        image.result.output = ready.output;
        Inventory before = package_inventory(image.before->image.packages);
        Inventory after = package_inventory(ready.image.packages);
        before.merge(parse_inventory(image.before->inspected.value_or("")));
        after.merge(parse_inventory(ready.inspected.value_or("")));
        image.result.changes = what_changed(before, after);
        image.result.facts_after = ready.image.facts;
        image.after = std::move(ready);
    }

    void begin_after(std::size_t i) {
        const ImageState& image = images_[i];
        for (std::size_t index = 0; index < results_.rows.size(); ++index) {
            if (image_of_[index] != i) continue;
            if (image.after) {
                give_row(index, CellPart::After);
                try_fixes(index);
                continue;
            }
            UpgradeRow& row = results_.rows[index];
            const bool refused = !image.result.not_installable.empty();
            row.after.verdict = refused ? Verdict::NotInstallable : Verdict::InfraError;
            row.after.because = refused ? image.result.not_installable : image.after_trouble;
            row.why_not_tried = "there is no state after the upgrade";
        }
    }

    void give_up_image(std::size_t i, const std::string& why) {
        for (const auto& subject : order_.cases) {
            add_row(i, subject, {});
            results_.rows.back().before.because = why;
        }
    }

    // --- Cells

    void row_run(RunRow task, JobResult result) {
        UpgradeRow& row = results_.rows[task.row];
        std::visit(overloaded{[&](CellEnded& ended) {
                                  observe(task, ended.cell);
                                  cell_ended(task, std::move(ended.cell));
                              },
                              [&](SurvivalEnded& ended) {
                                  observe(task, ended.cell);
                                  row.fixes = std::move(ended.fixes);
                                  row.with_fixes = std::move(ended.cell);
                              },
                              [](const auto&) {}},
                   result);
    }

    void observe(const RunRow& task, const CellResult& cell) {
        CellId id = cell.id();
        id.case_id += side_text(task);
        hooks_.on_event(CellObserved{.cell = std::move(id),
                                     .verdict = cell.verdict,
                                     .because = cell.because,
                                     .silent_misses = cell.silent_misses(),
                                     .seconds = cell.seconds});
    }

    void cell_ended(RunRow task, CellResult cell) {
        UpgradeRow& row = results_.rows[task.row];
        if (task.part == CellPart::After) {
            row.after = std::move(cell);
            done_after_.insert(task.row);
        } else {
            row.before = std::move(cell);
            row.before_is_whole = task.part == CellPart::BeforeWhole;
            done_before_.insert(task.row);
            if (task.part == CellPart::Before) try_fixes(task.row);
        }
        const bool both = done_before_.contains(task.row) && done_after_.contains(task.row);
        if (both && needs_whole_verdict(row.before.verdict, row.after.verdict) &&
            whole_.insert(task.row).second)
            give_row(task.row, CellPart::BeforeWhole);
    }

    // Where nothing fails before there is nothing that a fix could have cured, and where the packages do not
    // install there is nothing to survive.
    void try_fixes(std::size_t index) {
        const UpgradeRow& row = results_.rows[index];
        const ImageState& image = images_[image_of_[index]];
        if (!image.after || !done_before_.contains(index) || row.before.verdict != Verdict::Reproduced)
            return;
        const auto fixes = fixes_for(case_of(row), image.before->image.facts, row.variant);
        if (std::any_of(fixes.begin(), fixes.end(), [](const Fix* fix) { return fix->is_to_last(); }))
            give_row(index, CellPart::Fixes);
    }

    const Case& case_of(const UpgradeRow& row) const {
        return *std::find_if(order_.cases.begin(), order_.cases.end(),
                             [&](const Case& subject) { return subject.id == row.case_id; });
    }

    const UpgradeOrder& order_;
    const UpgradeHooks& hooks_;
    UpgradeResults& results_;
    std::vector<ImageState> images_;
    std::set<std::size_t> nothing_changes_;                   // numbers of images
    std::vector<Task> tasks_;                                 // by the id of their job
    std::deque<Assignment> queue_;                            // workers are chosen later
    std::vector<std::size_t> image_of_;                       // of each row
    std::set<std::size_t> done_before_, done_after_, whole_;  // numbers of rows
};

}  // namespace

std::string_view to_string(UpgradeSide side) {
    constexpr std::string_view names[] = {"before", "after", "fixes"};
    return names[static_cast<std::size_t>(side)];
}

std::optional<Variant> representative(const Case& subject, const Facts& facts) {
    std::optional<Variant> first;
    for (const auto& variant : expand(subject.matrix)) {
        if (why_skipped(subject, facts, variant)) continue;
        const Expectation* expectation = expected(subject, facts, variant);
        if (expectation && expectation->verdict == Verdict::Fixed) return variant;
        if (!first) first = variant;
    }
    return first;
}

void run_upgrade(const UpgradeOrder& order, Dispatcher& dispatcher, const UpgradeHooks& hooks,
                 UpgradeResults& results) {
    UpgradeStrategy strategy(order, hooks, results);
    results.interrupted = dispatcher.run(strategy) == Dispatcher::End::Interrupted;
    strategy.finish();
}

}  // namespace clamproof
