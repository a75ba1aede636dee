#include "run/scheduler.h"

#include <gtest/gtest.h>

#include "casefile/case_test_folder.h"

namespace clamproof {
namespace {

// A case that is fixed by night and immune by day, in two colours; one guest has no door.
class RepresentativeCellsTest : public testing::Test {
  protected:
    RepresentativeCellsTest() {
        folder_.add("door",
                    clamproof::with(minimal_case, R"("expect": [ { "verdict": "fixed" } ])",
                                    R"("matrix": { "time": ["day", "night"], "colour": ["red", "blue"] },
            "skip": [ { "when": { "init": "sysvinit" }, "because": "there is no door" } ],
            "expect": [ { "when": { "time": "day" }, "verdict": "immune" }, { "verdict": "fixed" } ])"));
        plan_.cases.push_back(load_case(folder_.path() / "door", shipped_facts()));
    }

    std::vector<std::string> chosen(const Facts& facts) {
        std::vector<std::string> names;
        for (const auto& job : representative_cells(plan_, cells_of(plan_, "house"), facts))
            names.push_back(variant_name(job.variant));
        return names;
    }

    CaseTestFolder folder_;
    Plan plan_;
};

TEST_F(RepresentativeCellsTest, OneForEachExpectedVerdict) {
    ASSERT_EQ(cells_of(plan_, "house").size(), 4U);
    EXPECT_EQ(chosen({{"init", "systemd"}}), (std::vector<std::string>{"red/day", "red/night"}));
}

TEST_F(RepresentativeCellsTest, OneWhereAllAreSkipped) {
    EXPECT_EQ(chosen({{"init", "sysvinit"}}).size(), 1U);
}

}  // namespace
}  // namespace clamproof
