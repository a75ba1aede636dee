/// The candidates of a bisection as jobs for guests, and what is known of them from earlier ones.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bisect/bisection.h"
#include "bisect/verdict_cache.h"

namespace clamproof {

class GuestBench : public Bench {
  public:
    /// @param plan its candidates get the packages that a command makes of them
    /// @param out folder that gets what is made, and logs
    /// @param interrupted asked while a command runs. All outlive this.
    GuestBench(BisectPlan& plan, std::filesystem::path out, VerdictCache cache,
               std::function<bool()> interrupted);

    /// By all that a verdict depends on.
    std::vector<CellResult> known(std::size_t candidate) const override;
    /// Makes the candidate's packages where a command does. @throws InfraError, as well where interrupted.
    std::variant<Job, CellResult> begin(std::size_t candidate, bool inspect) override;
    void keep(std::size_t candidate, const CellResult& cell) override;

  private:
    CellId cell_of(const Candidate& candidate) const;
    fs::path folder_of(const Candidate& candidate) const;
    void learn_layer(std::size_t candidate);
    VerdictKey key_of(std::size_t candidate) const;

    BisectPlan& plan_;
    fs::path out_;
    VerdictCache cache_;
    std::string subject_;
    std::vector<Layer> layers_;  ///< of each candidate; empty where it has none, or is not made yet
    std::function<bool()> interrupted_;
};

}  // namespace clamproof
