#include "jobs/pool.h"

#include <gtest/gtest.h>

#include "support/clock.h"
#include "support/files.h"

namespace clamproof {
namespace {

const Job job =
    RunCell{.cell = {.image = "house", .case_id = "door", .variant = {{"by", "hand"}}}, .evidence = "/e"};

Event cell_ended() {
    CellEnded ended;
    ended.cell.image = "house";
    ended.cell.case_id = "door";
    return ended;
}

// Workers that are shell scripts: each line of input is a job.
class PoolTest : public testing::Test {
  protected:
    PoolTest() : folder_(testing::TempDir(), "pool-") {
        write_file(folder_.path() / "ended", event_to_json(cell_ended()) + "\n");
    }

    WorkerPool pool(const std::string& script, int workers) {
        return WorkerPool(
            {"sh", "-c", "cd " + folder_.path().string() + "; while read -r job; do " + script + "; done"},
            workers);
    }

    static std::vector<Workers::Report> wait_for(WorkerPool& pool, std::size_t count) {
        std::vector<Workers::Report> all;
        for (const Deadline deadline = Deadline::in(5); all.size() < count && !deadline.passed();)
            for (auto& report : pool.wait(0.1)) all.push_back(report);
        return all;
    }

    clamproof::TempDir folder_;
};

TEST_F(PoolTest, EventsComeFromTheWorkerThatSentThem) {
    auto workers = pool("cat ended", 2);
    EXPECT_EQ(workers.count(), 2U);
    workers.give(1, job);
    const auto reports = wait_for(workers, 1);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].worker, 1U);
    ASSERT_TRUE(reports[0].event);
    EXPECT_EQ(std::get<CellEnded>(*reports[0].event).cell.image, "house");
    workers.finish();
}

TEST_F(PoolTest, AWorkerThatDiesIsReportedAndReplaced) {
    auto workers = pool("[ -e died ] || { touch died; kill -9 $$; }; cat ended", 1);
    workers.give(0, job);
    auto reports = wait_for(workers, 1);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_FALSE(reports[0].event);
    workers.give(0, job);
    reports = wait_for(workers, 1);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_TRUE(reports[0].event);
}

TEST_F(PoolTest, AWorkerThatSendsSomethingElseIsEnded) {
    auto workers = pool("echo '{\"kind\": \"rumour\"}'; sleep 60", 1);
    workers.give(0, job);
    const auto reports = wait_for(workers, 1);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_FALSE(reports[0].event);
}

TEST_F(PoolTest, AKilledWorkerIsGoneAtOnce) {
    auto workers = pool("sleep 60", 1);
    workers.give(0, job);
    workers.kill(0);
    EXPECT_TRUE(workers.wait(0.1).empty());
    workers.give(0, job);
    workers.kill(0);
}

TEST_F(PoolTest, EndsWorkersThatAreBusy) {
    auto workers = pool("sleep 60", 2);
    workers.give(0, job);
    workers.give(1, job);
    const Stopwatch watch;
    workers.end();
    EXPECT_LT(watch.seconds(), 2);
}

}  // namespace
}  // namespace clamproof
