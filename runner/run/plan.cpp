#include "run/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

// By how much a shard may go beyond its even part of the work, so that an image need not go to one more.
constexpr double slack = 1.03;
constexpr double unknown_seconds = 30;

InputError no_shard(const std::string& text) {
    return InputError(
        fmt::format("there is no shard \"{}\": give K/N with K from 1 to N, such as 2/4, or auto in a CI "
                    "that numbers its jobs",
                    text));
}

Shard checked(const std::string& text, std::optional<int> number, std::optional<int> of) {
    if (!number || !of || *number < 1 || *number > *of) throw no_shard(text);
    return {.number = *number, .of = *of};
}

struct Numbering {
    const char* index;
    const char* total;
    int first;  // number of the first job
};
constexpr Numbering numberings[] = {{"CI_NODE_INDEX", "CI_NODE_TOTAL", 1},
                                    {"BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0},
                                    {"JOB_COMPLETION_INDEX", "CLAMPROOF_SHARDS", 0}};

Shard shard_of_environment(const VariableLookup& environment) {
    for (const auto& numbering : numberings) {
        const auto index = environment(numbering.index);
        if (!index) continue;
        const auto total = environment(numbering.total);
        if (!total)
            throw InputError(fmt::format("--shard auto: {} is set, but {}, the number of jobs, is not",
                                         numbering.index, numbering.total));
        auto number = number_from<int>(*index);
        if (number) *number += 1 - numbering.first;
        return checked(fmt::format("{}={} {}={}", numbering.index, *index, numbering.total, *total), number,
                       number_from<int>(*total));
    }
    throw InputError("--shard auto: no variable of a CI tells which job this is; give --shard K/N");
}

struct Load {
    double work = 0;
    std::set<std::string> images;
    std::set<std::pair<std::string, std::string>> cases;

    // The least is the best place for a cell.
    auto rank_for(const CellId& cell) const {
        return std::tuple(!cases.contains({cell.image, cell.case_id}), !images.contains(cell.image), work);
    }
    void add(const CellId& cell, double seconds) {
        work += seconds;
        images.insert(cell.image);
        cases.emplace(cell.image, cell.case_id);
    }
};

// The shard that has the cell's like already, as long as it stays within its part; else the one with the
// least.
std::size_t place_of(const CellId& cell, double seconds, const std::vector<Load>& loads, double part) {
    std::optional<std::size_t> best;
    std::size_t least = 0;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        if (loads[i].work < loads[least].work) least = i;
        if (loads[i].work + seconds > part * slack) continue;
        if (!best || loads[i].rank_for(cell) < loads[*best].rank_for(cell)) best = i;
    }
    return best.value_or(least);
}

}  // namespace

const Case& Plan::case_of(const CellId& cell) const {
    return *std::find_if(cases.begin(), cases.end(),
                         [&](const Case& candidate) { return candidate.id == cell.case_id; });
}

std::vector<CellId> cells_of(const Plan& plan, const std::string& image) {
    std::vector<CellId> cells;
    for (const auto& subject : plan.cases)
        for (const auto& variant : expand(subject.matrix, plan.variants)) {
            CellId cell{.image = image, .case_id = subject.id, .variant = variant};
            if (!plan.only || plan.only->contains(cell)) cells.push_back(std::move(cell));
        }
    return cells;
}

std::vector<CellId> all_cells(const Plan& plan) {
    std::vector<CellId> all;
    for (const auto& image : plan.images)
        for (auto& cell : cells_of(plan, image.name)) all.push_back(std::move(cell));
    return all;
}

std::vector<CellId> representative_cells(const Plan& plan, const std::vector<CellId>& cells,
                                         const Facts& facts) {
    std::vector<CellId> chosen;
    std::map<std::string, std::vector<CellId>> skipped;                // by case
    std::map<std::string, std::set<std::optional<Verdict>>> verdicts;  // that a case has a cell for
    for (const auto& cell : cells) {
        const Case& subject = plan.case_of(cell);
        if (why_skipped(subject, facts, cell.variant)) {
            skipped[cell.case_id].push_back(cell);
            continue;
        }
        const Expectation* expectation = expected(subject, facts, cell.variant);
        const auto verdict = expectation ? std::optional(expectation->verdict) : std::nullopt;
        if (verdicts[cell.case_id].insert(verdict).second) chosen.push_back(cell);
    }
    for (const auto& [subject, jobs] : skipped)
        if (!verdicts.contains(subject)) chosen.push_back(jobs.front());
    return chosen;
}

Shard read_shard(const std::string& text, const VariableLookup& environment) {
    if (text == "auto") return shard_of_environment(environment);
    const auto slash = text.find('/');
    if (slash == std::string::npos) throw no_shard(text);
    const std::string_view whole = text;
    return checked(text, number_from<int>(whole.substr(0, slash)), number_from<int>(whole.substr(slash + 1)));
}

// The longest first: what comes last is short and evens out.
std::vector<CellId> cells_of_shard(const std::vector<CellId>& cells, const Shard& shard,
                                   const std::function<std::optional<double>(const CellId&)>& seconds) {
    std::vector<double> work;
    for (const auto& cell : cells) work.push_back(seconds(cell).value_or(unknown_seconds));
    const double part = std::accumulate(work.begin(), work.end(), 0.0) / shard.of;
    std::vector<std::size_t> order(cells.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t left, std::size_t right) { return work[left] > work[right]; });
    std::vector<Load> loads(static_cast<std::size_t>(shard.of));
    std::vector<bool> mine(cells.size());
    for (const std::size_t i : order) {
        const std::size_t place = place_of(cells[i], work[i], loads, part);
        loads[place].add(cells[i], work[i]);
        mine[i] = place == static_cast<std::size_t>(shard.number - 1);
    }
    std::vector<CellId> chosen;
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (mine[i]) chosen.push_back(cells[i]);
    return chosen;
}

void restrict_to_shard(Plan& plan, const Shard& shard,
                       const std::function<std::optional<double>(const CellId&)>& seconds) {
    const auto kept = cells_of_shard(all_cells(plan), shard, seconds);
    std::set<std::string> images;
    for (const auto& cell : kept) images.insert(cell.image);
    plan.only.emplace(kept.begin(), kept.end());
    std::erase_if(plan.images, [&](const ImageDefinition& image) { return !images.contains(image.name); });
}

}  // namespace clamproof
