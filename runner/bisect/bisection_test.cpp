#include "bisect/bisection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "jobs/fake_workers_test.h"

namespace clamproof {
namespace {

// What a candidate comes out as is told to it; workers are fakes.
class FakeBench : public Bench {
  public:
    std::function<Verdict(std::size_t candidate)> verdict;
    std::map<std::size_t, std::vector<CellResult>> cache;
    std::set<std::size_t> not_made;  ///< have their verdict without a job
    std::size_t interrupt_after = 1000;

    std::vector<std::size_t> started;
    std::size_t most_at_once = 0;

    std::vector<CellResult> known(std::size_t candidate) const override {
        const auto found = cache.find(candidate);
        return found == cache.end() ? std::vector<CellResult>{} : found->second;
    }
    std::variant<Job, CellResult> begin(std::size_t candidate, bool inspect) override {
        if (not_made.contains(candidate)) {
            CellResult cell;
            cell.verdict = Verdict::NotInstallable;
            return cell;
        }
        started.push_back(candidate);
        RunCell job{.cell = {.image = "house", .case_id = std::to_string(candidate)}};
        if (inspect) job.inspect = "look";
        return job;
    }
    void keep(std::size_t candidate, const CellResult& cell) override {
        if (cell.verdict != Verdict::InfraError) cache[candidate].push_back(cell);
    }

    Bisection bisect(std::size_t candidates) {
        FakeWorkers workers;
        workers.sends = [&](const Job& job) {
            const RunCell& run = std::get<RunCell>(job);
            CellEnded ended;
            ended.cell.verdict = verdict(std::stoul(run.cell.case_id));
            ended.cell.seconds = 60;
            if (run.inspect) ended.inspected = "a look";
            return std::vector<std::optional<Event>>{ended};
        };
        DispatchHooks hooks = calm();
        hooks.interrupted = [&] { return started.size() >= interrupt_after; };
        Dispatcher dispatcher(workers, hooks);
        const Ends ends{.good = Verdict::Immune, .bad = Verdict::Fixed};
        const Bisection bisection = clamproof::bisect(candidates, ends, usual_confidence, dispatcher, *this,
                                                      [](const BisectRun&, std::size_t) {});
        most_at_once = workers.most_at_once;
        return bisection;
    }
};

std::function<Verdict(std::size_t)> fails_from(std::size_t place) {
    return [=](std::size_t candidate) { return candidate < place ? Verdict::Immune : Verdict::Reproduced; };
}

TEST(Bisection, FindsTheChange) {
    FakeBench bench;
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
    FakeBench bench;
    bench.verdict = fails_from(40);
    std::map<std::size_t, int> looks;
    for (const auto& run : bench.bisect(64).runs) looks[run.candidate] += run.inspected.has_value();
    EXPECT_EQ(looks[39], 1) << "once";
    EXPECT_EQ(looks[40], 1);
    int others = 0;
    for (const auto& [candidate, count] : looks) others += candidate == 39 || candidate == 40 ? 0 : count;
    EXPECT_LE(others, 1);
}

TEST(Bisection, WhatDoesNotInstallIsTriedOnce) {
    FakeBench bench;
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

TEST(Bisection, WhatCannotBeMadeNeedsNoJob) {
    FakeBench bench;
    bench.verdict = fails_from(40);
    for (std::size_t candidate = 20; candidate < 39; ++candidate) bench.not_made.insert(candidate);
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 40u);
}

TEST(Bisection, TheHarnessesTroubleIsAskedAgain) {
    FakeBench bench;
    bench.verdict = [&](std::size_t candidate) {
        const auto runs = std::count(bench.started.begin(), bench.started.end(), candidate);
        const bool is_neighbour = candidate == 39 || candidate == 40;
        return is_neighbour && runs == 1 ? Verdict::InfraError : fails_from(40)(candidate);
    };
    const Bisection bisection = bench.bisect(64);
    EXPECT_EQ(bisection.result.last_good, 39u);
    EXPECT_EQ(bisection.result.first_bad, 40u);
    EXPECT_TRUE(bisection.left_out.empty());
}

TEST(Bisection, NeitherGoodNorBadIsNeverCountedAsBad) {
    FakeBench bench;
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
    FakeBench bench;
    bench.verdict = fails_from(40);
    bench.interrupt_after = 4;
    EXPECT_TRUE(bench.bisect(64).interrupted);
    const auto before = bench.started;
    bench.started.clear();
    bench.interrupt_after = 1000;
    FakeBench anew = bench;
    anew.cache.clear();
    const Bisection bisection = bench.bisect(64);
    anew.bisect(64);
    EXPECT_EQ(bisection.result.first_bad, 40u);
    EXPECT_GT(bisection.cached(), 0u);
    EXPECT_LT(bench.started.size(), anew.started.size());
}

TEST(Bisection, WhatIsKnownIsNotRunAgain) {
    FakeBench bench;
    bench.verdict = fails_from(40);
    bench.bisect(64);
    bench.started.clear();
    const Bisection again = bench.bisect(64);
    EXPECT_TRUE(bench.started.empty());
    EXPECT_EQ(again.result.first_bad, 40u);
    EXPECT_EQ(again.cached(), again.runs.size());
}

TEST(Bisection, AnswersComeBeforeTheNextQuestions) {
    FakeBench bench;
    bench.verdict = fails_from(40);
    const Bisection bisection = bench.bisect(64);
    EXPECT_LE(bisection.runs.size(), 16u);
    EXPECT_LE(bisection.runs_until_found, 10u);
}

TEST(Bisection, IsNotMisledByOneThatLies) {
    FakeBench bench;
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
    FakeBench bench;
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
