#include "bisect/search.h"

#include <algorithm>
#include <bit>
#include <cmath>

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

// Of infra-errors and verdicts that are neither good nor bad: so many in one candidate are no accident.
constexpr std::size_t most_unclear = 3;
// Runs that agree decide 64 candidates with some 14, and 20 % that flake with some 25.
constexpr std::size_t most_runs_a_halving = 15;

double surprise(double probability) {
    return probability > 0 ? -probability * std::log2(probability) : 0;
}

// Sums of a list's first 0, 1, … values.
std::vector<double> sums_of(const std::vector<double>& values) {
    std::vector<double> sums = {0};
    for (const double value : values) sums.push_back(sums.back() + value);
    return sums;
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

Search::Search(std::size_t candidates, double confidence)
    : candidates_(candidates),
      confidence_(confidence),
      posterior_(candidates),
      clear_(candidates),
      unclear_(candidates) {}

void Search::record(std::size_t candidate, Answer answer) {
    running_.erase(candidate);
    ++runs_;
    const bool clear = answer == Answer::Good || answer == Answer::Bad;
    if (clear) {
        ++clear_[candidate];
        posterior_.observe(candidate, answer == Answer::Bad);
    }
    if (answer == Answer::Undecidable || (answer == Answer::Unclear && ++unclear_[candidate] == most_unclear))
        left_out_.insert(candidate);
    const Group now = likeliest();
    if (now.first != likeliest_.first) runs_until_found_ = runs_;
    likeliest_ = now;
}

std::vector<Search::Group> Search::groups(const std::vector<double>& places) const {
    std::vector<Group> all;
    for (std::size_t place = 0; place < places.size(); ++place) {
        if (place == 0 || !left_out_.contains(place - 1)) all.push_back({place, place, 0});
        all.back().last = place;
        all.back().probability += places[place];
    }
    return all;
}

Search::Group Search::likeliest() const {
    const auto all = groups(posterior_.places());
    return *std::max_element(all.begin(), all.end(), [](const Group& one, const Group& other) {
        return one.probability < other.probability;
    });
}

std::optional<SearchResult> Search::result() const {
    using enum SearchResult::Kind;
    if (left_out_.contains(0)) return SearchResult{.kind = NoGoodEnd};
    if (left_out_.contains(candidates_ - 1)) return SearchResult{.kind = NoBadEnd};
    if (clear_.front() == 0 || clear_.back() == 0) return std::nullopt;
    if (likeliest_.probability >= confidence_) return result_of(likeliest_);
    if (runs_ < most_runs_a_halving * (1 + std::bit_width(candidates_))) return std::nullopt;
    SearchResult result = result_of(closest_together());
    result.settled = false;
    return result;
}

SearchResult Search::result_of(const Group& group) const {
    using enum SearchResult::Kind;
    SearchResult result{.probability = group.probability};
    if (group.last == 0) result.kind = GoodEndIsBad;
    if (group.first == candidates_) result.kind = BadEndIsGood;
    result.last_good = group.first == 0 ? 0 : group.first - 1;
    result.first_bad = std::min(group.last, candidates_ - 1);
    return result;
}

// From the likeliest place on towards where more of the belief lies, until there is enough.
Search::Group Search::closest_together() const {
    const auto all = groups(posterior_.places());
    auto first =
        std::find_if(all.begin(), all.end(), [&](const Group& one) { return one.first == likeliest_.first; });
    auto last = first;
    double probability = first->probability;
    while (probability < confidence_ && (first != all.begin() || last + 1 != all.end())) {
        const double before = first == all.begin() ? -1 : (first - 1)->probability;
        const double after = last + 1 == all.end() ? -1 : (last + 1)->probability;
        probability += std::max(before, after);
        before > after ? void(--first) : void(++last);
    }
    return {.first = first->first, .last = last->last, .probability = probability};
}

std::vector<std::size_t> Search::next(std::size_t count) {
    std::vector<std::size_t> chosen;
    if (result()) return chosen;
    for (const std::size_t end : {std::size_t{0}, candidates_ - 1})
        if (clear_[end] == 0 && chosen.size() < count && running_.insert(end).second) chosen.push_back(end);
    // As if no run had flaked, as long as that leaves something to ask: then what could make it doubtful.
    for (const auto& places : {posterior_.places_without_flakes(), posterior_.places()})
        for (const std::size_t cut : best_cuts(places, count - chosen.size())) {
            running_.insert(cut);
            chosen.push_back(cut);
        }
    return chosen;
}

// Those cuts that share the belief out most evenly: each is chosen with the others in place, until it stays.
std::vector<std::size_t> Search::best_cuts(const std::vector<double>& places, std::size_t count) const {
    constexpr int rounds = 20;
    const auto sums = sums_of(places);
    std::set<std::size_t> cuts = running_;
    std::vector<std::size_t> chosen;
    while (chosen.size() < count) {
        const auto cut = best_cut(sums, cuts);
        if (!cut) break;
        chosen.push_back(*cut);
        cuts.insert(*cut);
    }
    bool moved = chosen.size() > 1;
    for (int round = 0; moved && round < rounds; ++round) {
        moved = false;
        for (auto& cut : chosen) {
            const std::size_t former = cut;
            cuts.erase(former);
            cut = best_cut(sums, cuts).value_or(former);
            cuts.insert(cut);
            moved = moved || cut != former;
        }
    }
    return chosen;
}

// A run of candidate C tells the places up to C, in which it is bad, from those after it.
std::optional<std::size_t> Search::best_cut(const std::vector<double>& sums,
                                            const std::set<std::size_t>& cuts) const {
    std::optional<std::size_t> best;
    double most = 1e-9;
    for (std::size_t candidate = 0; candidate < candidates_; ++candidate) {
        if (cuts.contains(candidate) || left_out_.contains(candidate)) continue;
        const auto next = cuts.upper_bound(candidate);
        const double from = next == cuts.begin() ? 0 : sums[*std::prev(next) + 1];
        const double to = next == cuts.end() ? sums.back() : sums[*next + 1];
        const double here = sums[candidate + 1];
        const double gain = surprise(here - from) + surprise(to - here) - surprise(to - from);
        if (gain > most * (1 + 1e-9)) {
            most = gain;
            best = candidate;
        }
    }
    return best;
}

std::size_t Search::left() const {
    auto all = groups(posterior_.places_without_flakes());
    if (std::all_of(all.begin(), all.end(), [](const Group& one) { return one.probability == 0; }))
        all = groups(posterior_.places());
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const Group& one) { return one.probability > (1 - confidence_) / 10; }));
}

bool Search::is_neighbour(std::size_t candidate) const {
    return likeliest_.probability > 0.5 &&
           (candidate + 1 == likeliest_.first || candidate == likeliest_.last);
}

}  // namespace clamproof
