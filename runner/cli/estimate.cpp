#include "cli/estimate.h"

#include <algorithm>

namespace clamproof {

void Estimate::apply(const Event& event, double now) {
    std::visit(overloaded{[&](const BuildStep& step) { preparing_.insert(step.image); },
                          [&](const ImageReady& ready) { preparing_.erase(ready.image.name); },
                          [&](const ImageFailed& failed) { preparing_.erase(failed.image); },
                          [&](const PackagesRefused& refused) { preparing_.erase(refused.image); },
                          [&](const CellStarted& started) {
                              // A worker that takes a built image makes steps of its own and tells no end of
                              // them.
                              preparing_.erase(started.cell.image);
                              since_[started.cell] = now;
                          },
                          [&](const CellEnded& ended) {
                              since_.erase(ended.cell.id());
                              left_.erase(ended.cell.id());
                          },
                          [](const auto&) {}},
               event);
}

std::optional<double> Estimate::left(double now) const {
    if (left_.empty() || !preparing_.empty()) return std::nullopt;
    double all = 0;
    double longest = 0;
    for (const auto& [cell, seconds] : left_) {
        const auto since = since_.find(cell);
        const double rest = since == since_.end() ? seconds : std::max(0.0, since->second + seconds - now);
        all += rest;
        longest = std::max(longest, rest);
    }
    return std::max(longest, all / workers_);
}

}  // namespace clamproof
