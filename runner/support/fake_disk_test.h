/// A disk that tells what was brought to it, and when.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "support/files.h"

namespace clamproof {

/// While it lives, the names that files and folders had when they were synced are written down.
class FakeDisk {
  public:
    FakeDisk() {
        synced().clear();
        sync_descriptor = [](int fd) {
            synced().push_back(fs::read_symlink(fmt::format("/proc/self/fd/{}", fd)));
            return 0;
        };
    }
    ~FakeDisk() { sync_descriptor = before_; }
    FakeDisk(const FakeDisk&) = delete;
    FakeDisk& operator=(const FakeDisk&) = delete;

    static std::vector<fs::path>& synced() {
        static std::vector<fs::path> names;
        return names;
    }
    /// Where in their order, from 0; -1 where it was not.
    static int when_synced(const fs::path& name) {
        for (std::size_t i = 0; i < synced().size(); ++i)
            if (synced()[i] == name) return static_cast<int>(i);
        return -1;
    }

  private:
    int (*before_)(int) = sync_descriptor;
};

}  // namespace clamproof
