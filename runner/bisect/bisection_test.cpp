#include "bisect/bisection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

namespace clamproof {
namespace {

// A bench that runs nothing: what a candidate comes out as is told to it.
class Bench {
  public:
    std::function<Verdict(std::size_t candidate)> verdict;
    std::map<std::size_t, std::vector<CellResult>> cache;
    std::size_t workers = 2;
    std::size_t interrupt_after = 1000;

    std::vector<std::size_t> started;
    std::size_t most_at_once = 0;

    Bisection bisect(std::size_t candidates) {
        return clamproof::bisect(candidates, {.good = Verdict::Immune, .bad = Verdict::Fixed}, 0.99, workers,
                                 {.known = [&](std::size_t candidate) { return cache[candidate]; },
                                  .start =
                                      [&](const Question& question) {
                                          started.push_back(question.candidate);
                                          running_.push_back(question);
                                          most_at_once = std::max(most_at_once, running_.size());
                                      },
                                  .wait = [&] { return one(); },
                                  .interrupted = [&] { return started.size() >= interrupt_after; },
                                  .on_run = [](const BisectRun&, std::size_t) {}});
    }

  private:
    std::vector<BisectRun> one() {
        const auto [candidate, look] = running_.front();
        running_.pop_front();
        BisectRun run{.candidate = candidate, .cell = {}, .look = look ? "a look" : ""};
        run.cell.verdict = verdict(candidate);
        run.cell.seconds = 60;
        if (run.cell.verdict != Verdict::InfraError) cache[candidate].push_back(run.cell);
        return {run};
    }

    std::deque<Question> running_;
};

std::function<Verdict(std::size_t)> fails_from(std::size_t place) {
    return [=](std::size_t candidate) { return candidate < place ? Verdict::Immune : Verdict::Reproduced; };
}

TEST(Bisection, FindsTheChange) {
    Bench bench;
    bench.verdict = fails_from(40);
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.kind, SearchResult::Kind::Change);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 40u);
    ASSERT_TRUE(bisection.run_of(39));
    EXPECT_EQ(bisection.run_of(39)->cell.verdict, Verdict::Immune);
    ASSERT_TRUE(bisection.run_of(40));
    EXPECT_EQ(bisection.run_of(40)->cell.verdict, Verdict::Reproduced);
    EXPECT_EQ(bench.most_at_once, 2u);
    EXPECT_EQ(bisection.cached(), 0u);
}

TEST(Bisection, BothNeighboursAreLookedAtWhenTheyAreKnown) {
    Bench bench;
    bench.verdict = fails_from(40);
    std::map<std::size_t, int> looks;
    for (const auto& run : bench.bisect(64).runs) looks[run.candidate] += !run.look.empty();
    EXPECT_EQ(looks[39], 1) << "once";
    EXPECT_EQ(looks[40], 1);
    int others = 0;
    for (const auto& [candidate, count] : looks) others += candidate == 39 || candidate == 40 ? 0 : count;
    EXPECT_LE(others, 1);
}

TEST(Bisection, WhatDoesNotInstallIsTriedOnce) {
    Bench bench;
    bench.verdict = [](std::size_t candidate) {
        return candidate % 3 == 1 ? Verdict::NotInstallable : fails_from(40)(candidate);
    };
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 41u);
    EXPECT_EQ(bisection.left_out.empty(), false);
    for (const std::size_t candidate : bisection.left_out)
        EXPECT_EQ(std::count(bench.started.begin(), bench.started.end(), candidate), 1);
}

TEST(Bisection, NeitherGoodNorBadIsNeverCountedAsBad) {
    Bench bench;
    bench.verdict = [](std::size_t candidate) {
        return candidate == 20   ? Verdict::InfraError
               : candidate == 21 ? Verdict::Unhealthy
                                 : fails_from(40)(candidate);
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
    EXPECT_LT(bench.started.size(), anew.started.size());
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

TEST(Bisection, AnswersComeBeforeTheNextQuestions) {
    Bench bench;
    bench.verdict = fails_from(40);
    const Bisection bisection = bench.bisect(64);
    EXPECT_LE(bisection.runs.size(), 16u);
    EXPECT_LE(bisection.runs_until_found, 10u);
}

TEST(Bisection, IsNotMisledByOneThatLies) {
    Bench bench;
    int lies = 2;
    bench.verdict = [&](std::size_t candidate) {
        if (candidate == 31 && lies-- > 0) return Verdict::Reproduced;
        return fails_from(40)(candidate);
    };
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 40u);
}

TEST(Bisection, AnEndThatIsWrongIsNamed) {
    Bench bench;
    bench.verdict = fails_from(0);
    EXPECT_EQ(bench.bisect(64).result.kind, SearchResult::Kind::GoodEndIsBad);
}

TEST(Bisection, TheRunOfACandidateIsOneThatTellsSomething) {
    Bisection bisection;
    const auto ran = [&](std::size_t candidate, Verdict verdict, Side side) {
        bisection.runs.push_back({.candidate = candidate, .cell = {}, .side = side});
        bisection.runs.back().cell.verdict = verdict;
    };
    ran(1, Verdict::InfraError, Side::Unknown);
    ran(1, Verdict::Immune, Side::Good);
    ran(1, Verdict::InfraError, Side::Unknown);
    ran(2, Verdict::Unhealthy, Side::Unknown);
    EXPECT_EQ(bisection.run_of(1)->cell.verdict, Verdict::Immune);
    EXPECT_EQ(bisection.run_of(2)->cell.verdict, Verdict::Unhealthy);
    EXPECT_EQ(bisection.run_of(3), nullptr);
}

}  // namespace
}  // namespace clamproof
