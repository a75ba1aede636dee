/// A series of candidates searched by runs of a case.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "bisect/candidates.h"
#include "bisect/search.h"
#include "casefile/case.h"
#include "image/definition.h"
#include "jobs/dispatcher.h"
#include "jobs/event.h"
#include "results/bisect_results.h"
#include "results/judge.h"

namespace clamproof {

/// An image that candidates are installed over, or that is one.
struct BisectImage {
    ImageDefinition definition;
    ImageReady ready;
};

struct BisectPlan {
    Case subject;
    std::string library;  ///< text of the cases' lib.sh
    Variant variant;
    Ends ends;
    double confidence = usual_confidence;
    std::map<std::string, BisectImage> images;  ///< those of the candidates, by name
    std::vector<Candidate> candidates;          ///< from the good end to the bad one
    Called called{};                            ///< how the bisection was
};

/// What a bisection asks of its candidates.
class Bench {
  public:
    virtual ~Bench() = default;

    /// Verdicts of a candidate that are known without running it.
    virtual std::vector<CellResult> known(std::size_t candidate) const = 0;
    /// What has to be done to get another one: a job that ends with CellEnded, or the verdict itself where
    /// there is nothing to run.
    /// @param inspect asked for is not only its side, but what is to be seen of it in a guest
    virtual std::variant<Job, CellResult> begin(std::size_t candidate, bool inspect) = 0;
    /// A verdict that later bisections may know.
    virtual void keep(std::size_t candidate, const CellResult& cell) = 0;
};

/// Runs candidates until the change is known.
/// @param candidates how many, from the good end to the bad one
/// @param on_run told of each run that has been taken into account, and how many candidates it may still be
Bisection bisect(std::size_t candidates, const Ends& ends, double confidence, Dispatcher& dispatcher,
                 Bench& bench, const std::function<void(const BisectRun& run, std::size_t left)>& on_run);

}  // namespace clamproof
