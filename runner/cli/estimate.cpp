#include "cli/estimate.h"

#include <algorithm>

#include "jobs/job.h"

namespace clamproof {

void Estimate::apply(const Event& event, double now) {
    const std::string key = cell_key(event.image, event.case_id, event.variant);
    if (event.kind == EventKind::BuildStep) {
        preparing_.insert(event.image);
    } else if (event.kind == EventKind::BuildEnded || event.kind == EventKind::NotInstallable) {
        preparing_.erase(event.image);
    } else if (event.kind == EventKind::CellStarted) {
        // A worker that takes a built image makes steps of its own and tells no end of them.
        preparing_.erase(event.image);
        since_[key] = now;
    } else if (event.kind == EventKind::CellEnded) {
        since_.erase(key);
        left_.erase(key);
    }
}

std::optional<double> Estimate::left(double now) const {
    if (left_.empty() || !preparing_.empty()) return std::nullopt;
    double all = 0;
    double longest = 0;
    for (const auto& [key, seconds] : left_) {
        const auto since = since_.find(key);
        const double rest = since == since_.end() ? seconds : std::max(0.0, since->second + seconds - now);
        all += rest;
        longest = std::max(longest, rest);
    }
    return std::max(longest, all / workers_);
}

}  // namespace clamproof
