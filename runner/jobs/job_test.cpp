#include "jobs/job.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

const CellId cell{.image = "house", .case_id = "leak", .variant = {{"roof", "tin"}}};
const std::vector<Layer> layers{
    {.packages = {{"/tmp/a b.deb"}, {{"a b.deb", "beef"}}}, .script = "echo \"x\"\n"},
    {.packages = {{"c.deb"}, {{"c.deb", "cafe"}}}, .keep = Keep::ForThisJob}};

const std::vector<Job> jobs{
    PrepareImage{.image = "house"},
    PrepareImage{.image = "house", .layers = layers},
    InspectGuest{.image = "house", .layers = layers, .script = "cat \"a\ttab\"\n"},
    RunCell{.cell = cell, .evidence = "/tmp/it's here"},
    RunCell{.cell = cell, .layers = layers, .siblings = 3, .copy_of = "drip", .ends = Ends{}, .inspect = ""},
    RunCell{.cell = cell, .ends = Ends{.good = Verdict::Immune, .bad = Verdict::FixFailed}},
    CheckFixSurvival{.cell = cell,
                     .layers = layers,
                     .evidence = "e",
                     .change = {.packages = {{"d.deb"}, {{"d.deb", "f00d"}}}}},
};

TEST(JobTest, EachKindIsTheSameAfterItsJourney) {
    for (const Job& job : jobs) EXPECT_EQ(job_from_json(job_to_json(job)), job) << job_to_json(job);
}

TEST(JobTest, IsOneLine) {
    for (const Job& job : jobs) EXPECT_EQ(job_to_json(job).find('\n'), std::string::npos);
}

TEST(JobTest, SomethingElseIsRefused) {
    for (const char* line : {"", "{}", "[1]", R"({"job": "dance"})", R"({"job": "cell"})"})
        EXPECT_THROW(job_from_json(line), InputError) << line;
}

TEST(JobTest, IsNamedByWhatItIsAbout) {
    EXPECT_EQ(job_text(jobs[0]), "house");
    EXPECT_EQ(job_text(jobs[3]), "house leak tin");
}

}  // namespace
}  // namespace clamproof
