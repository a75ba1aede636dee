/// Deadlines and elapsed time, by the steady clock.
#pragma once

#include <algorithm>
#include <chrono>

namespace clamproof {

using Seconds = std::chrono::duration<double>;

/// Counts from its making.
class Stopwatch {
  public:
    double seconds() const { return Seconds(std::chrono::steady_clock::now() - start_).count(); }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// A point in time after which a wait is given up.
class Deadline {
  public:
    static Deadline in(double seconds) { return Deadline(seconds); }

    bool passed() const { return std::chrono::steady_clock::now() >= at_; }

    /// At least 0.
    double seconds_left() const {
        return std::max(0.0, Seconds(at_ - std::chrono::steady_clock::now()).count());
    }

    /// What is left, for poll(2): milliseconds, rounded up, at most an hour.
    int poll_milliseconds() const {
        return static_cast<int>(std::min(seconds_left(), 3600.0) * 1000 + 0.999);
    }

  private:
    explicit Deadline(double seconds)
        : at_(std::chrono::steady_clock::now() +
              std::chrono::duration_cast<std::chrono::steady_clock::duration>(Seconds(seconds))) {}
    std::chrono::steady_clock::time_point at_;
};

}  // namespace clamproof
