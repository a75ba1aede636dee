#include "bisect/posterior.h"

namespace clamproof {
namespace {

// Finer or higher rates cost runs, and decide nothing better: see search_test.cpp.
constexpr double rates[] = {0, 0.1, 0.2, 0.3};
constexpr double never_flakes = 0.5;
constexpr double wrong_end = 0.05;  // that a person was wrong about an end

std::vector<double> prior_of_places(std::size_t candidates) {
    std::vector<double> places(candidates + 1, (1 - 2 * wrong_end) / static_cast<double>(candidates - 1));
    places.front() = places.back() = wrong_end;
    return places;
}

}  // namespace

Posterior::Posterior(std::size_t candidates) : places_(prior_of_places(candidates)) {
    const double share = (1 - never_flakes) / (std::size(rates) * std::size(rates) - 1);
    for (const double good : rates)
        for (const double bad : rates) {
            rates_.push_back({.good = good, .bad = bad, .places = places_});
            for (double& place : rates_.back().places) place *= rates_.size() == 1 ? never_flakes : share;
        }
}

void Posterior::observe(std::size_t candidate, bool bad) {
    double sum = 0;
    for (Rates& each : rates_) {
        const double if_good = bad ? each.good : 1 - each.good;
        const double if_bad = bad ? 1 - each.bad : each.bad;
        for (std::size_t place = 0; place < each.places.size(); ++place)
            sum += each.places[place] *= place <= candidate ? if_bad : if_good;
    }
    const double scale = 1 / sum;
    places_.assign(places_.size(), 0);
    for (Rates& each : rates_)
        for (std::size_t place = 0; place < places_.size(); ++place)
            places_[place] += each.places[place] *= scale;
}

}  // namespace clamproof
