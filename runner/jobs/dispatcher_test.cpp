#include "jobs/dispatcher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "jobs/fake_workers_test.h"

namespace clamproof {
namespace {

Job cell_job(const std::string& case_id) {
    return RunCell{.cell = {.image = "house", .case_id = case_id}};
}

CellEnded cell_ended(const Job& job, Verdict verdict = Verdict::Fixed) {
    CellEnded ended;
    const CellId& cell = std::get<RunCell>(job).cell;
    ended.cell.image = cell.image;
    ended.cell.case_id = cell.case_id;
    ended.cell.verdict = verdict;
    return ended;
}

class DispatcherTest : public testing::Test {
  protected:
    DispatcherTest() {
        workers_.sends = [](const Job& job) { return std::vector<std::optional<Event>>{cell_ended(job)}; };
    }

    std::vector<std::optional<JobResult>> run(const std::vector<std::string>& cases, DispatchHooks hooks) {
        std::vector<Job> jobs;
        for (const auto& one : cases) jobs.push_back(cell_job(one));
        Dispatcher dispatcher(workers_, std::move(hooks));
        return run_all(dispatcher, jobs, [&](const Event& event) {
            if (const auto* message = std::get_if<Message>(&event)) messages_.push_back(message->text);
        });
    }
    static Verdict verdict(const std::optional<JobResult>& result) {
        return std::get<CellEnded>(result.value()).cell.verdict;
    }
    static const CellResult& cell(const std::optional<JobResult>& result) {
        return std::get<CellEnded>(result.value()).cell;
    }

    FakeWorkers workers_;
    std::vector<std::string> messages_;
};

TEST_F(DispatcherTest, EachJobIsDoneOnceAndItsResultIsItsOwn) {
    const auto results = run({"a", "b", "c", "d", "e"}, calm());
    ASSERT_EQ(results.size(), 5U);
    for (std::size_t i = 0; i < results.size(); ++i)
        EXPECT_EQ(cell(results[i]).case_id, std::string(1, static_cast<char>('a' + i)));
    EXPECT_EQ(workers_.given.size(), 5U);
    EXPECT_EQ(workers_.most_at_once, 2U);
    EXPECT_EQ(cell(results[1]).worker, 2) << "the second of the guests side by side";
}

TEST_F(DispatcherTest, AJobWhoseWorkerDiesIsDoneOnceMore) {
    int deaths = 1;
    workers_.sends = [&](const Job& job) -> std::vector<std::optional<Event>> {
        if (std::get<RunCell>(job).cell.case_id == "b" && deaths-- > 0) return {std::nullopt};
        return {cell_ended(job)};
    };
    const auto results = run({"a", "b", "c"}, calm());
    EXPECT_EQ(verdict(results[1]), Verdict::Fixed);
    EXPECT_EQ(workers_.given.size(), 4U);
    ASSERT_EQ(messages_.size(), 1U);
    EXPECT_NE(messages_[0].find("died; the job is done again"), std::string::npos) << messages_[0];
}

TEST_F(DispatcherTest, AJobThatKillsTwoWorkersHasFailed) {
    workers_.sends = [&](const Job& job) -> std::vector<std::optional<Event>> {
        if (std::get<RunCell>(job).cell.case_id == "b") return {std::nullopt};
        return {cell_ended(job)};
    };
    const auto results = run({"a", "b", "c"}, calm());
    EXPECT_EQ(verdict(results[0]), Verdict::Fixed);
    EXPECT_EQ(verdict(results[1]), Verdict::InfraError);
    EXPECT_EQ(cell(results[1]).outcome, Outcome::Infra);
    EXPECT_NE(cell(results[1]).because.find("died"), std::string::npos);
    EXPECT_EQ(cell(results[1]).case_id, "b");
    EXPECT_EQ(verdict(results[2]), Verdict::Fixed);
}

TEST_F(DispatcherTest, TheLastWordsOfAWorkerThatDiedAreKept) {
    workers_.sends = [&](const Job&) -> std::vector<std::optional<Event>> {
        return {Message{"the door does not open"}, Message{"the key does not turn"}, std::nullopt};
    };
    const auto results = run({"a"}, calm());
    EXPECT_EQ(cell(results[0]).because,
              "the worker process died, twice over; it last said: the key does not turn");
}

TEST_F(DispatcherTest, AWorkerThatSaysNothingIsEndedAndItsJobDoneAgain) {
    double now = 0;
    int hangs = 1;
    workers_.sends = [&](const Job& job) -> std::vector<std::optional<Event>> {
        if (std::get<RunCell>(job).cell.case_id == "a" && hangs-- > 0) return {};
        return {cell_ended(job)};
    };
    const auto results = run(
        {"a"},
        {.interrupted = [] { return false; }, .clock = [&] { return now += 10; }, .longest_silence = 100});
    EXPECT_EQ(verdict(results[0]), Verdict::Fixed);
    EXPECT_EQ(workers_.killed, (std::vector<std::size_t>{0}));
}

TEST_F(DispatcherTest, AWorkerThatGoesOnTellingSomethingIsLeftAlone) {
    double now = 0;
    workers_.sends = [&](const Job& job) {
        std::vector<std::optional<Event>> events(
            50, StepStarted{.cell = std::get<RunCell>(job).cell, .arm = ArmId::failing(), .step = "probe"});
        events.emplace_back(cell_ended(job));
        return events;
    };
    const auto results = run(
        {"a"},
        {.interrupted = [] { return false; }, .clock = [&] { return now += 10; }, .longest_silence = 100});
    EXPECT_EQ(verdict(results[0]), Verdict::Fixed);
    EXPECT_TRUE(workers_.killed.empty());
}

TEST_F(DispatcherTest, AResultOfAnotherKindOfJobIsNotBelieved) {
    int lies = 1;
    workers_.sends = [&](const Job& job) -> std::vector<std::optional<Event>> {
        if (lies-- > 0) return {ready_image("house")};
        return {cell_ended(job)};
    };
    const auto results = run({"a"}, calm());
    EXPECT_EQ(verdict(results[0]), Verdict::Fixed);
    EXPECT_EQ(workers_.killed, (std::vector<std::size_t>{0}));
}

TEST_F(DispatcherTest, InterruptedItEndsTheWorkersAndCutOffJobsHaveNoResult) {
    int asked = 0;
    workers_.sends = [&](const Job& job) -> std::vector<std::optional<Event>> {
        if (std::get<RunCell>(job).cell.case_id == "c") return {};
        return {cell_ended(job)};
    };
    auto hooks = calm();
    hooks.interrupted = [&] { return ++asked > 4; };
    const auto results = run({"a", "b", "c", "d"}, hooks);
    EXPECT_TRUE(workers_.ended);
    EXPECT_TRUE(results[0]);
    EXPECT_TRUE(results[1]);
    EXPECT_FALSE(results[2]);
}

TEST_F(DispatcherTest, EveryKindOfJobFailsAsItself) {
    EXPECT_EQ(std::get<ImageFailed>(failed(PrepareImage{.image = "house"}, "why", {})).why, "why");
    EXPECT_EQ(std::get<ImageFailed>(failed(InspectGuest{.image = "house", .script = ""}, "why", {})).image,
              "house");
    const auto survival = std::get<SurvivalEnded>(
        failed(CheckFixSurvival{.cell = {.image = "house", .case_id = "door"}, .change = {}}, "why", {}));
    EXPECT_EQ(survival.cell.verdict, Verdict::InfraError);
    EXPECT_TRUE(survival.fixes.empty());
    const auto cell =
        std::get<CellEnded>(failed(RunCell{.cell = {.image = "house", .case_id = "door"},
                                           .layers = {{.packages = {.files = {"a.deb"}, .digests = {}}}}},
                                   "why", {.program = "/bin/clamproof"}));
    EXPECT_EQ(cell.cell.again, "/bin/clamproof run --image house --case door --install a.deb");
    EXPECT_EQ(cell.cell.install, (std::vector<std::string>{"a.deb"}));
}

}  // namespace
}  // namespace clamproof
