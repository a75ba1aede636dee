#include "support/watched_call.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <system_error>

#include "support/clock.h"

namespace clamproof {

WatchedCall::WatchedCall(const std::string& doing, double seconds,
                         const std::function<void(const std::string&)>& on_hang) noexcept try {
    watch_ = std::jthread([doing, seconds, on_hang](const std::stop_token& over) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait_for(lock, over, Seconds(seconds), [] { return false; });
        if (!over.stop_requested())
            on_hang(fmt::format("{} has not come to an end in {:.0f} s", doing, seconds));
    });
} catch (const std::system_error&) {  // no thread can be had: the call goes unwatched
}

}  // namespace clamproof
