#include "jobs/pool.h"

#include <gtest/gtest.h>

#include "support/clock.h"
#include "support/files.h"

namespace clamproof {
namespace {

Event cell_ended(const std::string& image) {
    Event event;
    event.kind = EventKind::CellEnded;
    event.image = image;
    event.case_id = "door";
    event.cell = CellResult{};
    event.cell->image = image;
    event.cell->case_id = "door";
    return event;
}

// Workers that are shell scripts: each line of input is a job.
class PoolTest : public testing::Test {
  protected:
    PoolTest() : folder_(testing::TempDir(), "pool-") {
        write_file(folder_.path() / "ended", event_to_json(cell_ended("house")) + "\n");
    }

    WorkerPool pool(const std::string& script, int workers) {
        return WorkerPool(
            {"sh", "-c", "cd " + folder_.path().string() + "; while read -r job; do " + script + "; done"},
            workers);
    }

    static std::vector<WorkerPool::Report> wait_for(WorkerPool& pool, std::size_t count) {
        std::vector<WorkerPool::Report> all;
        for (const Deadline deadline = Deadline::in(5); all.size() < count && !deadline.passed();)
            for (auto& report : pool.wait(0.1)) all.push_back(report);
        return all;
    }

    clamproof::TempDir folder_;
};

const Job job{.image = "house", .case_id = "door", .variant = {{"by", "hand"}}, .evidence = "/e"};

TEST_F(PoolTest, AJobSurvivesTheWayToAWorker) {
    EXPECT_EQ(job_from_json(job_to_json(job)), job);
}

TEST_F(PoolTest, GivesEachIdleWorkerOneJob) {
    auto workers = pool("cat ended", 2);
    EXPECT_TRUE(workers.all_idle());
    workers.give(0, job);
    EXPECT_EQ(workers.idle(), 1u);
    workers.give(1, job);
    EXPECT_FALSE(workers.idle());
    const auto reports = wait_for(workers, 2);
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_TRUE(reports[0].ends_job);
    EXPECT_EQ(reports[0].event->cell->image, "house");
    EXPECT_TRUE(workers.all_idle());
    workers.finish();
}

TEST_F(PoolTest, AWorkerThatDiesIsReportedAndReplaced) {
    auto workers = pool("[ -e died ] || { touch died; kill -9 $$; }; cat ended", 1);
    workers.give(0, job);
    auto reports = wait_for(workers, 1);
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_FALSE(reports[0].event);
    EXPECT_TRUE(reports[0].ends_job);
    EXPECT_EQ(reports[0].job, job);
    workers.give(0, job);
    reports = wait_for(workers, 1);
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_TRUE(reports[0].event);
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
