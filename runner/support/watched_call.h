/// Calls that cannot be interrupted, and may never return.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace clamproof {

/// Lives as long as a call does. One that takes too long is told of by a thread of its own, once; what is
/// done about it is up to whoever is told. The end of this waits for that.
class WatchedCall {
  public:
    /// @param doing "starting debian-12", for the words @param seconds that it may take at most
    /// @param on_hang told "starting debian-12 has not come to an end in 120 s"; must not throw
    WatchedCall(const std::string& doing, double seconds,
                const std::function<void(const std::string&)>& on_hang) noexcept;

  private:
    std::jthread watch_;
};

}  // namespace clamproof
