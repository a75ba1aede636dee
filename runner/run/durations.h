/// How long cells took before, so that the longest are begun first and no worker is left alone with one at
/// the end.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "casefile/ids.h"
#include "results/results.h"

namespace clamproof {

/// The remembered durations of a user's runs. A convenience: a file that is missing, damaged or not writable
/// is as good as an empty one.
class Durations {
  public:
    /// @param file where they are remembered; by default in the user's cache
    explicit Durations(std::filesystem::path file = default_file());
    static std::filesystem::path default_file();
    /// Of a file that somebody named. @throws InputError where it cannot be read or is something else.
    static Durations of(const std::filesystem::path& file);

    /// Seconds; 0 for a cell that was skipped, none for one that never ran.
    std::optional<double> known(const CellId& cell) const;
    /// Seconds; for a cell that never ran as long as the longest, so that nothing unknown is left to the end.
    double expected(const CellId& cell) const;
    /// Remembers what passed or was skipped. Other runs of this user may do the same at the same time.
    void remember(const std::vector<CellResult>& results) noexcept;

  private:
    void add(const std::vector<CellResult>& results);
    friend std::string durations_json(const std::vector<CellResult>& results);

    std::filesystem::path file_;
    std::map<std::string, double> seconds_;
};

/// The file that `Durations` reads, of these results alone.
std::string durations_json(const std::vector<CellResult>& results);

}  // namespace clamproof
