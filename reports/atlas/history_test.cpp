#include "reports/atlas/history.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/atlas/sample_test.h"

namespace clamproof {
namespace {

using Words = std::vector<std::string>;

nlohmann::json changes_of(const std::vector<RunResults>& runs) {
    return atlas_of(runs)["changes"];
}

nlohmann::json changes_of(const std::vector<Seen>& seen) {
    std::vector<RunResults> runs;
    for (const Seen& one : seen) runs.push_back(run_with(one));
    return changes_of(runs);
}

// "DAY fixed → immune" of each change.
Words in_short(const std::vector<Seen>& seen) {
    Atlas atlas;
    for (const Seen& one : seen) atlas.add(read_atlas_run(to_json(run_with(one)), "results.json"));
    const auto json = nlohmann::json::parse(atlas.json());
    Words words;
    for (const auto& change : json["changes"])
        words.push_back(
            json["runs"][change["after"]["run"].get<std::size_t>()]["started"].get<std::string>().substr(0,
                                                                                                         10) +
            " " + change["before"]["verdict"].get<std::string>() + " → " +
            change["after"]["verdict"].get<std::string>());
    return words;
}

TEST(AtlasHistory, tells_which_verdicts_differ_from_the_ones_before_them) {
    EXPECT_EQ(in_short({{.day = "2026-01-01"},
                        {.day = "2026-01-02"},
                        {.day = "2026-01-03", .verdict = Verdict::Immune},
                        {.day = "2026-01-04", .verdict = Verdict::Immune},
                        {.day = "2026-01-05"}}),
              (Words{"2026-01-05 immune → fixed", "2026-01-03 fixed → immune"}));
}

TEST(AtlasHistory, is_by_date_whatever_came_in_first) {
    const Seen one{.day = "2026-01-01"}, other{.day = "2026-01-02", .verdict = Verdict::Immune};
    EXPECT_EQ(changes_of({one, other}), changes_of({other, one}));
    EXPECT_EQ(in_short({other, one}), Words{"2026-01-02 fixed → immune"});
}

TEST(AtlasHistory, what_the_harness_failed_to_find_out_is_no_change) {
    EXPECT_EQ(in_short({{.day = "2026-01-01"},
                        {.day = "2026-01-02", .verdict = Verdict::InfraError},
                        {.day = "2026-01-03"}}),
              Words());
    EXPECT_EQ(in_short({{.day = "2026-01-01"},
                        {.day = "2026-01-02", .verdict = Verdict::InfraError},
                        {.day = "2026-01-03", .verdict = Verdict::Immune}}),
              Words{"2026-01-03 fixed → immune"});
}

TEST(AtlasHistory, who_did_not_ask_for_fixes_hides_no_change_of_them) {
    EXPECT_EQ(in_short({{.day = "2026-01-01"},
                        {.day = "2026-01-02", .verdict = Verdict::Reproduced},
                        {.day = "2026-01-03", .verdict = Verdict::FixFailed}}),
              Words{"2026-01-03 fixed → fix-failed"});
}

TEST(AtlasHistory, a_silent_miss_that_appears_is_a_change_and_comes_first_of_its_run) {
    RunResults before = run_with({.day = "2026-01-01"}, "a-door");
    before.results.push_back(cell_with({.day = "2026-01-01"}, "leak"));
    RunResults after = run_with({.day = "2026-01-02", .verdict = Verdict::Immune}, "a-door");
    after.results.push_back(cell_with({.day = "2026-01-02", .silent = true}, "leak"));
    const auto json = atlas_of({before, after});
    ASSERT_EQ(json["changes"].size(), 2U);
    const auto& first = json["changes"][0];
    EXPECT_EQ(json["cases"][first["case"].get<std::size_t>()]["id"], "leak");
    EXPECT_EQ(first["before"]["silent"], false);
    EXPECT_EQ(first["after"]["silent"], true);
}

TEST(AtlasHistory, names_the_packages_whose_versions_differ) {
    const auto json = atlas_of(
        {run_with({.day = "2026-01-01", .packages = {{"clamd", "1.0"}, {"roof", "1"}, {"gate", "1"}}}),
         run_with({.day = "2026-01-02",
                   .verdict = Verdict::Immune,
                   .clamd = "1.4.7",
                   .packages = {{"clamd", "1.4"}, {"roof", "1"}, {"lamp", "2"}}})});
    ASSERT_EQ(json["changes"].size(), 1U);
    Words packages;
    for (const auto& number : json["changes"][0]["packages"])
        packages.push_back(json["texts"][number.get<std::size_t>()]);
    EXPECT_EQ(packages, (Words{"clamd 1.0 → 1.4", "- gate 1", "+ lamp 2"}));
    EXPECT_EQ(json["guests"][json["changes"][0]["before"]["guest"].get<std::size_t>()]["clamd"], "1.4.6");
    EXPECT_EQ(json["guests"][json["changes"][0]["after"]["guest"].get<std::size_t>()]["clamd"], "1.4.7");
}

TEST(AtlasHistory, packages_that_a_run_did_not_tell_are_unknown) {
    EXPECT_EQ(
        changes_of(
            {{.day = "2026-01-01"},
             {.day = "2026-01-02", .verdict = Verdict::Immune, .packages = {{"roof", "1"}}}})[0]["packages"],
        nullptr);
}

TEST(AtlasHistory, cells_that_changed_alike_are_one_change) {
    const auto with_variants = [](const char* day, Verdict inside, Verdict outside) {
        RunResults run = run_with({.day = day});
        run.results.clear();
        for (const auto& [place, verdict] :
             {std::pair("attic", inside), {"cellar", inside}, {"yard", outside}}) {
            CellResult cell = cell_with({.day = day, .verdict = verdict}, "leak");
            cell.variant = {{"place", place}};
            run.results.push_back(cell);
        }
        return run;
    };
    const auto changes = changes_of({with_variants("2026-01-01", Verdict::Fixed, Verdict::Immune),
                                     with_variants("2026-01-02", Verdict::Immune, Verdict::Fixed)});
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0]["variants"], nlohmann::json({"attic", "cellar"}));
    EXPECT_EQ(changes[1]["variants"], nlohmann::json({"yard"}));
    EXPECT_NE(changes[0]["id"], changes[1]["id"]);
}

TEST(AtlasHistory, packages_that_somebody_tries_for_a_day_are_no_news_of_the_image) {
    RunResults tried = run_with({.day = "2026-01-02", .verdict = Verdict::Immune, .clamd = "1.0.0"});
    tried.images[0].installed = {{"clamd_1.0.0.ipk", "12"}};
    RunResults later = run_with({.day = "2026-01-04", .verdict = Verdict::FixFailed, .clamd = "1.0.1"});
    later.images[0].installed = {{"clamd_1.0.1.ipk", "34"}};
    const auto changes =
        changes_of({run_with({.day = "2026-01-01"}), tried, run_with({.day = "2026-01-03"}), later});
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0]["before"]["verdict"], "immune");
    EXPECT_EQ(changes[0]["after"]["verdict"], "fix-failed");
}

TEST(AtlasHistory, runs_without_a_date_have_no_place_in_it) {
    RunResults undated = run_with({.day = "2026-01-02", .verdict = Verdict::Immune});
    for (const char* started : {"", "yesterday", "2026-13-01T00:00:00Z", "2026-01-02T12:00:00Z</updated>"}) {
        undated.started = started;
        EXPECT_EQ(changes_of({run_with({.day = "2026-01-01"}), undated}).size(), 0U) << started;
    }
    EXPECT_TRUE(is_dated("2026-01-02T23:59:59Z"));
}

TEST(AtlasHistory, a_change_keeps_its_id_when_runs_are_added) {
    const Seen one{.day = "2026-01-02"}, other{.day = "2026-01-03", .verdict = Verdict::Immune};
    const std::string id = changes_of({one, other})[0]["id"];
    const auto more = changes_of(
        {{.day = "2026-01-01", .verdict = Verdict::SelfHealed}, one, other, {.day = "2026-01-04"}});
    ASSERT_EQ(more.size(), 3U);
    EXPECT_EQ(more[1]["id"], id);
    EXPECT_EQ(uuid_of("a door"), uuid_of("a door"));
    EXPECT_NE(uuid_of("a door"), uuid_of("a gate"));
    EXPECT_EQ(id.size(), 36U);
    EXPECT_EQ(id[14], '8');
}

}  // namespace
}  // namespace clamproof
