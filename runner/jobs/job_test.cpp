#include "jobs/job.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(Job, IsTheSameAfterItsJourney) {
    Job job{.image = "house", .case_id = "leak", .variant = {{"roof", "tin"}}, .evidence = "/tmp/it's here"};
    EXPECT_EQ(job_from_json(job_to_json(job)), job);
    job.siblings = 3;
    job.stages = {{.packages = {{"/tmp/a b.deb"}, {{"a b.deb", "beef"}}}, .script = "echo \"x\"\n"},
                  {.packages = {{"c.deb"}, {{"c.deb", "cafe"}}}, .keep = Keep::ForThisJob}};
    job.question = Ends{};
    EXPECT_EQ(job_from_json(job_to_json(job)), job);
    job.question = Ends{.good = Verdict::Immune, .bad = Verdict::FixFailed};
    EXPECT_EQ(job_from_json(job_to_json(job)), job);
    job.later = Layer{.packages = {{"d.deb"}, {{"d.deb", "f00d"}}}};
    job.look = "cat \"a\ttab\"\n";
    EXPECT_EQ(job_from_json(job_to_json(job)), job);
}

TEST(Job, IsOneLine) {
    const Job job{.image = "house",
                  .case_id = "",
                  .variant = {},
                  .evidence = "",
                  .stages = {{.packages = {}, .script = "one\ntwo\n"}}};
    EXPECT_EQ(job_to_json(job).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace clamproof
