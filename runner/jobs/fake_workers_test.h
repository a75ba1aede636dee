/// Workers that are no processes: what comes of a job is told to them.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "jobs/dispatcher.h"

namespace clamproof {

class FakeWorkers : public Workers {
  public:
    explicit FakeWorkers(std::size_t count = 2) : count_(count) {}

    /// What a worker sends over a job, its result last; nothing in the end: it dies. Asked at each `give`.
    std::function<std::vector<std::optional<Event>>(const Job& job)> sends;
    /// Of the workers that have something to send, each sends one thing at a time.
    std::vector<Job> given;
    std::vector<std::size_t> given_to, killed;
    std::size_t most_at_once = 0;
    bool ended = false;

    std::size_t count() const override { return count_; }

    void give(std::size_t worker, const Job& job) override {
        given.push_back(job);
        given_to.push_back(worker);
        for (auto& event : sends(job)) to_send_[worker].push_back(std::move(event));
        busy_[worker] = true;
        std::size_t busy = 0;
        for (const auto& [one, is_busy] : busy_) busy += is_busy;
        most_at_once = std::max(most_at_once, busy);
    }

    std::vector<Report> wait(double) override {
        std::vector<Report> reports;
        for (auto& [worker, events] : to_send_) {
            if (events.empty()) continue;
            if (!events.front() || result_of(*events.front())) busy_[worker] = false;
            reports.push_back({.worker = worker, .event = std::move(events.front())});
            events.pop_front();
        }
        return reports;
    }

    void kill(std::size_t worker) noexcept override {
        killed.push_back(worker);
        to_send_[worker].clear();
        busy_[worker] = false;
    }
    void end() noexcept override { ended = true; }

  private:
    std::size_t count_;
    std::map<std::size_t, std::deque<std::optional<Event>>> to_send_;
    std::map<std::size_t, bool> busy_;
};

/// A dispatcher over them that nobody interrupts.
inline DispatchHooks calm() {
    return {.interrupted = [] { return false; }, .clock = [] { return 0.0; }};
}

inline ImageReady ready_image(const std::string& name, std::map<std::string, std::string> facts = {}) {
    ImageReady ready;
    ready.image.name = name;
    ready.image.digest = "0123";
    ready.image.facts = std::move(facts);
    return ready;
}

/// The same event with every sentence in it replaced: nothing may hang on the words of one.
inline Event reworded(Event event) {
    int count = 0;
    const auto words = [&](std::string& text) { text = "reworded " + std::to_string(++count); };
    const auto cell = [&](CellResult& result) {
        words(result.because);
        for (Arm& arm : result.arms) {
            words(arm.claim);
            words(arm.seen);
            for (Step& step : arm.steps) words(step.what);
        }
    };
    std::visit(
        [&](auto& one) {
            if constexpr (requires { one.why; }) words(one.why);
            if constexpr (requires { one.output; }) words(one.output);
            if constexpr (requires { one.because; }) words(one.because);
            if constexpr (requires { one.seen; }) words(one.seen);
            if constexpr (requires { one.step; }) words(one.step);
            if constexpr (requires { one.text; }) words(one.text);
            if constexpr (requires { one.cell.arms; }) cell(one.cell);
            if constexpr (requires { one.fixes; })
                for (auto& fix : one.fixes) words(fix.why);
        },
        event);
    return event;
}

}  // namespace clamproof
