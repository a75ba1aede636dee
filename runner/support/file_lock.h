/// Advisory locks on files (flock(2)). The kernel drops them with the process that holds them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "support/files.h"

namespace clamproof {

/// Whom a wait for a lock tells, and who may end it.
struct LockWait {
    std::string what = "what is wanted is in use";  ///< before "by process 7 (make); waiting for it to end"
    std::function<bool()> cancelled = [] { return false; };  ///< asked twenty times a second
    /// Told once, after a second, whom it waits for.
    std::function<void(const std::string&)> say = [](const std::string&) {};
};

/// Held while it lives.
class FileLock {
  public:
    enum class Kind { Exclusive, Shared };

    /// Waits for the lock as long as it takes. @param path is made where it is not there
    /// @throws InfraError where the file cannot be opened or locked, or the wait was cancelled.
    explicit FileLock(const fs::path& path, Kind kind = Kind::Exclusive, const LockWait& wait = {});
    /// Nothing where somebody else holds it in a way that excludes this one. @throws InfraError.
    static std::optional<FileLock> try_lock(const fs::path& path, Kind kind = Kind::Exclusive);

  private:
    explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

/// Who holds locks on a file, for messages: "process 12 (clamproof run --quick)", with "and" between two.
/// Of processes that one program has begun as its own helpers, the one that a person has begun is named.
std::string holders_of(const fs::path& lock);

}  // namespace clamproof
