#include "run/cell_queue.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace clamproof {

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
