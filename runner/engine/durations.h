/// How long cells took before, so that the longest are begun first and no worker is left alone with one at
/// the end.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/job.h"
#include "engine/results.h"

namespace clamproof {

/// The remembered durations of a user's runs. A convenience: a file that is missing, damaged or not writable
/// is as good as an empty one.
class Durations {
  public:
    /// @param file where they are remembered; by default in the user's cache
    explicit Durations(std::filesystem::path file = default_file());
    static std::filesystem::path default_file();

    /// Seconds; for a cell that never ran as long as the longest, so that nothing unknown is left to the end.
    double expected(const Job& job) const;
    /// Remembers what ran in guests. Other runs of this user may do the same at the same time.
    void remember(const std::vector<CellResult>& results) noexcept;

  private:
    std::filesystem::path file_;
    std::map<std::string, double> seconds_;
};

}  // namespace clamproof
