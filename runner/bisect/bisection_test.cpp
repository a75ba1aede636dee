#include "bisect/bisection.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace clamproof {
namespace {

// A bench that runs nothing: what a candidate comes out as is told to it.
class Bench {
  public:
    std::function<Verdict(std::size_t candidate, Extent extent)> verdict;
    std::map<std::pair<std::size_t, Extent>, std::vector<CellResult>> cache;
    std::size_t workers = 2;
    std::size_t interrupt_after = 1000;

    std::vector<std::pair<std::size_t, Extent>> started;
    std::size_t most_at_once = 0;

    Bisection bisect(std::size_t candidates) {
        return clamproof::bisect(candidates, {.good = Verdict::Immune, .bad = Verdict::Fixed}, 0.99, workers,
                                 {.known =
                                      [&](std::size_t candidate, Extent extent) {
                                          return cache[{candidate, extent}];
                                      },
                                  .start =
                                      [&](std::size_t candidate, Extent extent) {
                                          started.emplace_back(candidate, extent);
                                          running_.emplace_back(candidate, extent);
                                          most_at_once = std::max(most_at_once, running_.size());
                                      },
                                  .wait = [&] { return one(); },
                                  .interrupted = [&] { return started.size() >= interrupt_after; },
                                  .on_run = [](const BisectRun&, std::size_t) {}});
    }

  private:
    std::vector<BisectRun> one() {
        const auto [candidate, extent] = running_.front();
        running_.pop_front();
        BisectRun run{.candidate = candidate, .extent = extent, .cell = {}};
        run.cell.verdict = verdict(candidate, extent);
        if (run.cell.verdict != Verdict::InfraError) cache[{candidate, extent}].push_back(run.cell);
        return {run};
    }

    std::deque<std::pair<std::size_t, Extent>> running_;
};

std::function<Verdict(std::size_t, Extent)> fails_from(std::size_t place) {
    return [=](std::size_t candidate, Extent extent) {
        if (candidate < place) return Verdict::Immune;
        return extent == Extent::Full ? Verdict::Fixed : Verdict::Reproduced;
    };
}

TEST(Bisection, EndsWithBothNeighboursInFull) {
    Bench bench;
    bench.verdict = fails_from(40);
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.kind, SearchResult::Kind::Change);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 40u);
    ASSERT_TRUE(bisection.last_run(39, Extent::Full));
    EXPECT_EQ(bisection.last_run(39, Extent::Full)->cell.verdict, Verdict::Immune);
    ASSERT_TRUE(bisection.last_run(40, Extent::Full));
    EXPECT_EQ(bisection.last_run(40, Extent::Full)->cell.verdict, Verdict::Fixed);
    EXPECT_EQ(bench.most_at_once, 2u);
    EXPECT_EQ(bisection.cached(), 0u);
}

TEST(Bisection, WhatDoesNotInstallIsTriedOnce) {
    Bench bench;
    bench.verdict = [](std::size_t candidate, Extent extent) {
        return candidate % 3 == 1 ? Verdict::NotInstallable : fails_from(40)(candidate, extent);
    };
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 41u);
    EXPECT_EQ(bisection.left_out.empty(), false);
    for (const std::size_t candidate : bisection.left_out)
        EXPECT_EQ(
            std::count(bench.started.begin(), bench.started.end(), std::pair(candidate, Extent::Question)),
            1);
}

TEST(Bisection, NeitherGoodNorBadIsNeverCountedAsBad) {
    Bench bench;
    bench.verdict = [](std::size_t candidate, Extent extent) {
        return candidate == 20   ? Verdict::InfraError
               : candidate == 21 ? Verdict::Unhealthy
                                 : fails_from(40)(candidate, extent);
    };
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 40u);
}

TEST(Bisection, GoesOnWhereItWasInterrupted) {
    Bench bench;
    bench.verdict = fails_from(40);
    bench.interrupt_after = 4;
    EXPECT_TRUE(bench.bisect(64).interrupted);
    const auto before = bench.started;
    bench.started.clear();
    bench.interrupt_after = 1000;
    Bench anew = bench;
    anew.cache.clear();
    const Bisection bisection = bench.bisect(64);
    anew.bisect(64);
    EXPECT_EQ(bisection.result.first_bad, 40u);
    EXPECT_GT(bisection.cached(), 0u);
    EXPECT_EQ(bench.started.size() + bisection.cached(), anew.started.size());
}

TEST(Bisection, WhatIsKnownIsNotRunAgain) {
    Bench bench;
    bench.verdict = fails_from(40);
    bench.bisect(64);
    bench.started.clear();
    const Bisection again = bench.bisect(64);
    EXPECT_TRUE(bench.started.empty());
    EXPECT_EQ(again.result.first_bad, 40u);
    EXPECT_EQ(again.cached(), again.runs.size());
}

TEST(Bisection, GoesOnWhereTheRunInFullContradicts) {
    Bench bench;
    int lies = 4;
    bench.verdict = [&](std::size_t candidate, Extent extent) {
        if (candidate == 31 && extent == Extent::Question && lies-- > 0) return Verdict::Reproduced;
        return fails_from(40)(candidate, extent);
    };
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 40u);
}

TEST(Bisection, NothingIsRunInFullWhereAnEndIsWrong) {
    Bench bench;
    bench.verdict = fails_from(0);
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.kind, SearchResult::Kind::GoodEndIsBad);
    for (const auto& [candidate, extent] : bench.started) EXPECT_EQ(extent, Extent::Question);
}

}  // namespace
}  // namespace clamproof
