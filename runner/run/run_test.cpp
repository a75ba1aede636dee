#include "run/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "casefile/case_test_folder.h"
#include "jobs/fake_workers_test.h"
#include "run/plan.h"

namespace clamproof {
namespace {

// A case that is fixed by night and immune by day, in two colours; one guest has no door.
class RunTest : public testing::Test {
  protected:
    RunTest() {
        folder_.add("door",
                    clamproof::with(minimal_case, R"("expect": [ { "verdict": "fixed" } ])",
                                    R"("matrix": { "time": ["day", "night"], "colour": ["red", "blue"] },
            "skip": [ { "when": { "init": "sysvinit" }, "because": "there is no door" } ],
            "expect": [ { "when": { "time": "day" }, "verdict": "immune" }, { "verdict": "fixed" } ])"));
        plan_.cases.push_back(load_case(folder_.path() / "door", shipped_facts()));
        add_image("house", {{"init", "systemd"}});
        workers_.sends = [&](const Job& job) { return std::vector<std::optional<Event>>{result(job)}; };
    }

    void add_image(const std::string& name, const Facts& facts) {
        ImageDefinition image;
        image.name = name;
        plan_.images.push_back(image);
        facts_[name] = facts;
    }

    // As expected, unless a cell is told to come out otherwise.
    Event result(const Job& job) {
        if (const auto* prepare = std::get_if<PrepareImage>(&job)) return prepared(*prepare);
        const CellId& id = std::get<RunCell>(job).cell;
        CellEnded ended;
        ended.cell.image = id.image;
        ended.cell.case_id = id.case_id;
        ended.cell.variant = id.variant;
        ended.cell.expected = id.variant.at("time") == "day" ? Verdict::Immune : Verdict::Fixed;
        ended.cell.verdict = verdict_.contains(id) ? verdict_.at(id) : *ended.cell.expected;
        ended.cell.outcome = ended.cell.verdict == ended.cell.expected ? Outcome::Pass : Outcome::Mismatch;
        ended.cell.arms.emplace_back();
        return ended;
    }

    Event prepared(const PrepareImage& job) {
        prepared_.push_back(job.image);
        ImageReady ready = ready_image(job.image, facts_[job.image]);
        if (failing_ == job.image) return ImageFailed{.image = job.image, .why = "no space"};
        if (refusing_ == job.image)
            return PackagesRefused{.image = job.image, .why = "dpkg: error", .without = ready};
        return ready;
    }

    RunResults run(DispatchHooks hooks = calm()) {
        Dispatcher dispatcher(workers_, std::move(hooks));
        Durations durations(folder_.path() / "durations.json");
        RunResults run;
        run_plan(plan_, dispatcher,
                 {.on_event = [&](const Event& event) { events_.push_back(event); },
                  .evidence_folder = [](const CellId& cell) { return "/evidence/" + cell.text(); },
                  .is_built = [&](const ImageDefinition& image) { return built_.contains(image.name); }},
                 durations, run);
        return run;
    }

    static std::vector<Verdict> verdicts(const RunResults& run) {
        std::vector<Verdict> verdicts;
        for (const auto& cell : run.results) verdicts.push_back(cell.verdict);
        return verdicts;
    }

    std::vector<std::string> representatives(const Facts& facts) {
        std::vector<std::string> names;
        for (const auto& cell : representative_cells(plan_, cells_of(plan_, "house"), facts))
            names.push_back(variant_name(cell.variant));
        return names;
    }

    CaseTestFolder folder_;
    Plan plan_;
    FakeWorkers workers_;
    std::map<std::string, Facts> facts_;
    std::map<CellId, Verdict> verdict_;
    std::set<std::string> built_;
    std::string failing_, refusing_;
    std::vector<std::string> prepared_;
    std::vector<Event> events_;
};

using Verdicts = std::vector<Verdict>;

TEST_F(RunTest, EveryCellIsRunOnceAndResultsAreInTheOrderOfThePlan) {
    const RunResults run = this->run();
    EXPECT_EQ(verdicts(run), (Verdicts{Verdict::Immune, Verdict::Fixed, Verdict::Immune, Verdict::Fixed}));
    EXPECT_EQ(workers_.given.size(), 5U);
    ASSERT_EQ(run.images.size(), 1U);
    EXPECT_EQ(run.images[0].digest, "0123");
    EXPECT_FALSE(run.interrupted);
    const auto* cell = std::get_if<RunCell>(&workers_.given.back());
    ASSERT_TRUE(cell);
    EXPECT_EQ(cell->evidence, "/evidence/" + cell->cell.text());
}

TEST_F(RunTest, WhatIsSkippedNeedsNoWorker) {
    facts_["house"] = {{"init", "sysvinit"}};
    const RunResults run = this->run();
    EXPECT_EQ(verdicts(run), Verdicts(4, Verdict::Skipped));
    EXPECT_EQ(run.results[0].because, "there is no door");
    EXPECT_EQ(workers_.given.size(), 1U) << "the image alone";
}

TEST_F(RunTest, AnImageThatFailsIsTheHarnessesTroubleWithItsCells) {
    add_image("hut", {{"init", "systemd"}});
    failing_ = "house";
    const RunResults run = this->run();
    ASSERT_EQ(run.results.size(), 8U);
    EXPECT_EQ(run.results[0].outcome, Outcome::Infra);
    EXPECT_EQ(run.results[0].because, "no space");
    EXPECT_EQ(run.results[7].outcome, Outcome::Pass);
}

TEST_F(RunTest, PackagesThatAreRefusedAreAFindingAboutThem) {
    plan_.layers = {{.packages = {.files = {"door.deb"}, .digests = {}}}};
    refusing_ = "house";
    RunResults run = this->run();
    EXPECT_EQ(verdicts(run), Verdicts(4, Verdict::NotInstallable));
    EXPECT_EQ(run.results[0].outcome, Outcome::Mismatch);
    EXPECT_EQ(run.results[0].because, "dpkg: error");
    EXPECT_EQ(run.results[0].install, (std::vector<std::string>{"door.deb"}));
    ASSERT_EQ(std::get<PrepareImage>(workers_.given[0]).layers.size(), 1U);

    facts_["house"] = {{"init", "sysvinit"}};
    run = this->run();
    EXPECT_EQ(verdicts(run), Verdicts(4, Verdict::Skipped)) << "that would not be run without them either";
}

TEST_F(RunTest, ImagesThatAreBuiltGoFirstAndTheFirstBuildIsAlone) {
    add_image("hut", {{"init", "systemd"}});
    add_image("barn", {{"init", "systemd"}});
    built_ = {"barn"};
    run();
    EXPECT_EQ(prepared_.front(), "barn");
    built_ = {};
    prepared_.clear();
    workers_.given.clear();
    run();
    ASSERT_GE(workers_.given.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<PrepareImage>(workers_.given[0]));
    EXPECT_TRUE(std::holds_alternative<RunCell>(workers_.given[1])) << "a verdict before the next image";
}

TEST_F(RunTest, AnEarlierRunsVerdictsAreNotRunAgain) {
    plan_.done = run().results;
    plan_.done.pop_back();
    workers_.given.clear();
    const RunResults again = run();
    EXPECT_EQ(again.results.size(), 4U);
    EXPECT_EQ(workers_.given.size(), 2U) << "the image and the cell that was missing";
}

TEST_F(RunTest, InterruptedItKeepsWhatHasAVerdict) {
    auto hooks = calm();
    hooks.interrupted = [&] { return workers_.given.size() >= 3; };
    const RunResults run = this->run(hooks);
    EXPECT_TRUE(run.interrupted);
    EXPECT_TRUE(workers_.ended);
    EXPECT_GE(run.results.size(), 1U);
    EXPECT_LT(run.results.size(), 4U);
}

TEST_F(RunTest, ACellWhoseWorkersDieIsTheHarnessesTrouble) {
    workers_.sends = [&](const Job& job) -> std::vector<std::optional<Event>> {
        const auto* cell = std::get_if<RunCell>(&job);
        if (cell && variant_name(cell->cell.variant) == "red/night") return {std::nullopt};
        return {result(job)};
    };
    const RunResults run = this->run();
    EXPECT_EQ(std::count_if(run.results.begin(), run.results.end(),
                            [](const CellResult& cell) { return cell.outcome == Outcome::Infra; }),
              1);
}

TEST_F(RunTest, NothingHangsOnTheWordsOfASentence) {
    verdict_[{.image = "house", .case_id = "door", .variant = {{"colour", "red"}, {"time", "night"}}}] =
        Verdict::FixFailed;
    add_image("hut", {{"init", "systemd"}});
    add_image("barn", {{"init", "systemd"}});
    failing_ = "hut";
    refusing_ = "barn";
    const auto plain = verdicts(run());
    workers_.sends = [&](const Job& job) { return std::vector<std::optional<Event>>{reworded(result(job))}; };
    EXPECT_EQ(verdicts(run()), plain);
}

TEST_F(RunTest, ShardsRunTheCellsOfThePlanBetweenThem) {
    add_image("hut", {{"init", "systemd"}});
    const Plan whole = plan_;
    std::set<CellId> seen;
    std::size_t cells = 0;
    for (const int number : {1, 2, 3}) {
        plan_ = whole;
        restrict_to_shard(plan_, {.number = number, .of = 3}, [](const CellId&) { return std::nullopt; });
        for (const auto& cell : run().results) {
            seen.insert(cell.id());
            ++cells;
        }
    }
    EXPECT_EQ(cells, 8U);
    EXPECT_EQ(seen.size(), 8U);
}

TEST_F(RunTest, AQuickRunHasOneCellForEachExpectedVerdict) {
    ASSERT_EQ(cells_of(plan_, "house").size(), 4U);
    EXPECT_EQ(representatives({{"init", "systemd"}}), (std::vector<std::string>{"red/day", "red/night"}));
    EXPECT_EQ(representatives({{"init", "sysvinit"}}).size(), 1U) << "one where all are skipped";
    plan_.quick = true;
    EXPECT_EQ(verdicts(run()), (Verdicts{Verdict::Immune, Verdict::Fixed}));
}

}  // namespace
}  // namespace clamproof
