/// Which candidates of a series to run next, and when it is known where the series changes.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "results/bisect_results.h"

namespace clamproof {

/// What a run says of a candidate. `Unclear` says nothing, and the candidate may be run again; of a candidate
/// that is `Undecidable` no run ever says anything.
enum class Answer { Good, Bad, Unclear, Undecidable };

/// How probable a change has to be unless somebody asks for another probability. Of 4,000 simulated searches
/// among 64 candidates in which a fifth of the runs flipped, 5 ended wrong, after 46 runs on average; at 0.99
/// they were 24, after 40. Where no run flips it takes 16 runs instead of 14.
inline constexpr double usual_confidence = 0.998;

/// Probabilities of where a series of candidates changes, and of how often runs flake, by Bayes' rule.
///
/// Place P means that the candidates before P are good and those from P on are bad: a series of N has the
/// places 0 (all are bad) to N (all are good). Runs of good and of bad candidates may flake at rates of their
/// own; half of the belief before any run is that none ever does.
class Posterior {
  public:
    explicit Posterior(std::size_t candidates);

    /// A run of a candidate came out good or bad.
    void observe(std::size_t candidate, bool bad);

    /// The probability of each place.
    const std::vector<double>& places() const { return places_; }
    /// The same if no run has flaked: what the runs leave of each place. All zero where runs contradict each
    /// other.
    const std::vector<double>& places_without_flakes() const { return rates_.front().places; }

  private:
    struct Rates {
        double good;  ///< of runs of a good candidate that come out bad
        double bad;   ///< of runs of a bad candidate that come out good
        std::vector<double> places;
    };
    std::vector<Rates> rates_;  ///< the first: never
    std::vector<double> places_;
};

/// A search that asks several questions at once, is not misled by runs that flake, and goes round candidates
/// that cannot be decided. Candidates are numbered from the good end, 0, to the bad end.
class Search {
  public:
    /// @param candidates at least two @param confidence at which it is over, above 0.5 and below 1
    Search(std::size_t candidates, double confidence);

    /// Candidates to run now, at most `count`, none twice and none that is being run; the ends before all
    /// others. Each is to be recorded. Nothing where a running one has to be waited for, or it is over.
    std::vector<std::size_t> next(std::size_t count);
    /// A run came out. It need not have been asked for.
    void record(std::size_t candidate, Answer answer);

    /// Nothing while more has to be run.
    std::optional<SearchResult> result() const;

    /// Candidates among which the change is, if no run has flaked: what is left to be found.
    std::size_t left() const;
    /// Whether it is one of the two that a change would most likely be told between.
    bool is_neighbour(std::size_t candidate) const;
    /// After how many runs the likeliest place became what it is: the others were to be sure.
    std::size_t runs_until_found() const { return runs_until_found_; }
    const std::set<std::size_t>& left_out() const { return left_out_; }

  private:
    /// Places that no candidate tells apart, because those between cannot be decided.
    struct Group {
        std::size_t first, last;
        double probability;
    };
    std::vector<Group> groups(const std::vector<double>& places) const;
    Group likeliest() const;
    Group closest_together() const;
    SearchResult result_of(const Group& group) const;
    std::optional<std::size_t> best_cut(const std::vector<double>& sums,
                                        const std::set<std::size_t>& cuts) const;
    std::vector<std::size_t> best_cuts(const std::vector<double>& places, std::size_t count) const;

    std::size_t candidates_;
    double confidence_;
    Posterior posterior_;
    std::vector<std::size_t> clear_, unclear_;  ///< runs of each candidate
    std::set<std::size_t> left_out_, running_;
    std::size_t runs_ = 0;
    Group likeliest_{};
    std::size_t runs_until_found_ = 0;
};

}  // namespace clamproof
