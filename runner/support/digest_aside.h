/// A digest that is counted in a thread of its own, so that whoever brings the data need not wait for it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "support/digest.h"

namespace clamproof {

class DigestAside {
  public:
    explicit DigestAside(DigestKind kind);
    ~DigestAside();
    DigestAside(const DigestAside&) = delete;
    DigestAside& operator=(const DigestAside&) = delete;

    /// Copies; waits only for the piece before the last.
    void add(std::string_view data);
    /// Of all that was added, in hexadecimal; ends it.
    std::string hex();

  private:
    void hand_over();
    void end();
    void work();

    Digest digest_;
    std::string gathered_;  // of the caller alone
    std::string given_;     // empty: the thread has nothing to do
    bool over_ = false;
    std::mutex mutex_;  // over the two above
    std::condition_variable changed_;
    std::thread thread_;
};

}  // namespace clamproof
