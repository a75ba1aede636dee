#include "bisect/search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

namespace clamproof {
namespace {

using Kind = SearchResult::Kind;
using Candidate = std::function<Answer(std::size_t)>;

struct Walk {
    SearchResult result;
    std::size_t runs = 0;
    std::size_t rounds = 0;
    std::size_t rounds_until_found = 0;
    std::vector<std::size_t> asked;
};

// Runs all that are asked for at once, round after round.
Walk walk(Search& search, std::size_t workers, const Candidate& run) {
    Walk walk;
    while (!search.result()) {
        const auto next = search.next(workers);
        EXPECT_FALSE(next.empty());
        EXPECT_LE(next.size(), workers);
        if (next.empty() || walk.runs > 1000) break;
        const std::size_t before = search.runs_until_found();
        for (const std::size_t candidate : next) search.record(candidate, run(candidate));
        walk.asked.insert(walk.asked.end(), next.begin(), next.end());
        walk.runs += next.size();
        ++walk.rounds;
        if (search.runs_until_found() != before) walk.rounds_until_found = walk.rounds;
    }
    if (search.result()) walk.result = *search.result();
    return walk;
}

Walk walk(std::size_t candidates, std::size_t workers, const Candidate& run) {
    Search search(candidates, usual_confidence);
    return walk(search, workers, run);
}

// Good before it, bad from it on.
Candidate changes_at(std::size_t place) {
    return [=](std::size_t candidate) { return candidate < place ? Answer::Good : Answer::Bad; };
}

void expect_change(const SearchResult& result, std::size_t last_good, std::size_t first_bad) {
    EXPECT_EQ(result.kind, Kind::Change);
    EXPECT_TRUE(result.settled);
    EXPECT_EQ(result.last_good, last_good);
    EXPECT_EQ(result.first_bad, first_bad);
}

TEST(Search, FindsTheChangeWhereverItIs) {
    for (const std::size_t candidates : {2U, 3U, 4U, 10U, 65U})
        for (std::size_t place = 1; place < candidates; ++place)
            for (const std::size_t workers : {1U, 5U}) {
                const Walk one = walk(candidates, workers, changes_at(place));
                expect_change(one.result, place - 1, place);
                EXPECT_GE(one.result.probability, usual_confidence);
            }
}

// The ends, six halvings, and the runs that it takes to be sure: of one worker, and of two side by side.
TEST(Search, SixtyFourCandidatesTakeFewRuns) {
    for (std::size_t place = 1; place < 64; ++place) {
        const Walk alone = walk(64, 1, changes_at(place));
        EXPECT_LE(alone.rounds_until_found, 8u);
        EXPECT_LE(alone.runs, 15u);
        const Walk two = walk(64, 2, changes_at(place));
        EXPECT_LE(two.rounds_until_found, 5u);
        EXPECT_LE(two.rounds, 9u);
    }
}

TEST(Search, AsksTheEndsFirst) {
    Search search(64, usual_confidence);
    EXPECT_EQ(search.next(1), std::vector<std::size_t>{0});
    EXPECT_EQ(search.next(1), std::vector<std::size_t>{63});
    search.record(0, Answer::Good);
    search.record(63, Answer::Bad);
    EXPECT_EQ(search.next(1), std::vector<std::size_t>{31});
}

TEST(Search, SharesTheCandidatesOutAmongWorkers) {
    Search search(64, usual_confidence);
    search.record(0, Answer::Good);
    search.record(63, Answer::Bad);
    auto three = search.next(3);
    std::sort(three.begin(), three.end());
    ASSERT_EQ(three.size(), 3u);
    EXPECT_NEAR(static_cast<double>(three[0]), 15, 1);
    EXPECT_NEAR(static_cast<double>(three[1]), 31, 1);
    EXPECT_NEAR(static_cast<double>(three[2]), 47, 1);
    EXPECT_TRUE(search.next(1).size() == 1 && std::count(three.begin(), three.end(), search.next(1)[0]) == 0);
}

TEST(Search, TellsHowManyAreLeft) {
    Search search(64, usual_confidence);
    search.record(0, Answer::Good);
    search.record(63, Answer::Bad);
    EXPECT_EQ(search.left(), 63u);
    search.record(31, Answer::Bad);
    EXPECT_EQ(search.left(), 31u);
}

TEST(Search, AnEndThatContradictsIsAskedAgainBeforeItIsCalledWrong) {
    const Walk good_end = walk(64, 1, [](std::size_t) { return Answer::Bad; });
    EXPECT_EQ(good_end.result.kind, Kind::GoodEndIsBad);
    EXPECT_GE(std::count(good_end.asked.begin(), good_end.asked.end(), 0), 2);
    const Walk bad_end = walk(64, 1, [](std::size_t) { return Answer::Good; });
    EXPECT_EQ(bad_end.result.kind, Kind::BadEndIsGood);
    EXPECT_GE(std::count(bad_end.asked.begin(), bad_end.asked.end(), 63), 2);
}

TEST(Search, AnEndThatFlakesOnceIsNotCalledWrong) {
    int runs_of_good_end = 0;
    const Walk one = walk(64, 1, [&](std::size_t candidate) {
        if (candidate == 0 && runs_of_good_end++ == 0) return Answer::Bad;
        return changes_at(20)(candidate);
    });
    expect_change(one.result, 19, 20);
}

TEST(Search, AnEndThatCannotBeDecidedEndsIt) {
    const auto end_is = [](std::size_t end, Answer answer) {
        return [=](std::size_t candidate) { return candidate == end ? answer : changes_at(20)(candidate); };
    };
    const Walk good_end = walk(64, 1, end_is(0, Answer::Undecidable));
    EXPECT_EQ(good_end.result.kind, Kind::NoGoodEnd);
    EXPECT_EQ(good_end.runs, 1u);
    const Walk bad_end = walk(64, 1, end_is(63, Answer::Unclear));
    EXPECT_EQ(bad_end.result.kind, Kind::NoBadEnd);
    EXPECT_EQ(std::count(bad_end.asked.begin(), bad_end.asked.end(), 63), 3);
}

TEST(Search, SaysBetweenWhereThoseBetweenCannotBeDecided) {
    Search search(64, usual_confidence);
    const Walk one = walk(search, 1, [](std::size_t candidate) {
        return candidate >= 30 && candidate <= 33 ? Answer::Undecidable : changes_at(32)(candidate);
    });
    expect_change(one.result, 29, 34);
    EXPECT_GE(one.result.probability, usual_confidence);
    // Only those in the way were tried, and none of them twice.
    for (const std::size_t candidate : search.left_out())
        EXPECT_EQ(std::count(one.asked.begin(), one.asked.end(), candidate), 1);
}

TEST(Search, NothingBetweenTheEndsMayBeDecidable) {
    const Walk one = walk(9, 2, [](std::size_t candidate) {
        return candidate > 0 && candidate < 8 ? Answer::Undecidable : changes_at(5)(candidate);
    });
    expect_change(one.result, 0, 8);
}

TEST(Search, WhatIsUnclearOnceIsAskedAgain) {
    std::vector<int> runs(64);
    const Walk one = walk(64, 1, [&](std::size_t candidate) {
        return runs[candidate]++ == 0 ? Answer::Unclear : changes_at(40)(candidate);
    });
    expect_change(one.result, 39, 40);
}

TEST(Search, WhatIsKnownBeforehandNeedNotBeAsked) {
    Search search(64, usual_confidence);
    const Walk first = walk(search, 1, changes_at(40));
    Search again(64, usual_confidence);
    for (const std::size_t candidate : first.asked) again.record(candidate, changes_at(40)(candidate));
    ASSERT_TRUE(again.result());
    expect_change(*again.result(), 39, 40);
}

TEST(Search, GivesUpWhereRunsTellNothing) {
    std::mt19937 random(1);
    const Walk one = walk(64, 1, [&](std::size_t) { return random() % 2 == 0 ? Answer::Good : Answer::Bad; });
    EXPECT_FALSE(one.result.settled);
    EXPECT_GT(one.result.first_bad - one.result.last_good, 1u);
}

// A fifth of the runs flips, a tenth of the candidates does not install. At a confidence of 0.99, six of
// these thousand searches end wrong.
TEST(Search, IsNotMisledByRunsThatFlake) {
    std::mt19937 random(20);
    const auto happens = [&](double probability) {
        return std::uniform_real_distribution<double>(0, 1)(random) < probability;
    };
    int wrong = 0;
    std::size_t runs = 0;
    for (std::size_t i = 0; i < 1000; ++i) {
        const std::size_t place = 1 + i % 63;
        std::vector<bool> installs(64, true);
        for (std::size_t candidate = 1; candidate < 63; ++candidate) installs[candidate] = !happens(0.1);
        const Walk one = walk(64, 1 + i % 2, [&](std::size_t candidate) {
            if (!installs[candidate]) return Answer::Undecidable;
            return (candidate < place) == happens(0.2) ? Answer::Bad : Answer::Good;
        });
        // As close as what installs lets it come.
        std::size_t last_good = place - 1, first_bad = place;
        while (!installs[last_good]) --last_good;
        while (!installs[first_bad]) ++first_bad;
        wrong += !(one.result.kind == Kind::Change && one.result.settled &&
                   one.result.last_good == last_good && one.result.first_bad == first_bad);
        runs += one.runs;
    }
    EXPECT_LE(wrong, 2);
    EXPECT_LE(runs / 1000, 48u);
    RecordProperty("wrong", wrong);
    RecordProperty("runs", static_cast<int>(runs / 1000));
}

}  // namespace
}  // namespace clamproof
