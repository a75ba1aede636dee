/// What is believed of a series that changes from good to bad, after runs that may have flaked.
#pragma once

#include <cstddef>
#include <vector>

namespace clamproof {

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

}  // namespace clamproof
