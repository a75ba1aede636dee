#include "reports/atlas/atlas.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/atlas/sample_test.h"
#include "reports/golden_test.h"
#include "reports/sample_test.h"
#include "reports/schema_check_test.h"
#include "results/results_json.h"
#include "support/error.h"

namespace clamproof {
namespace {

using Words = std::vector<std::string>;

nlohmann::json only_field(const std::vector<Seen>& seen) {
    std::vector<RunResults> runs;
    for (const Seen& one : seen) runs.push_back(run_with(one));
    const auto json = atlas_of(runs);
    EXPECT_EQ(json["fields"].size(), 1U);
    return json["fields"][0];
}

Words verdicts_in(const nlohmann::json& field) {
    Words verdicts;
    for (const auto& result : field["cells"][0]["results"]) verdicts.push_back(result["verdict"]);
    return verdicts;
}

// The run of a month before, whose packages were older.
RunResults former_run() {
    RunResults run = sample_run();
    run.started = "2012-10-30T12:00:00Z";
    for (ImageInfo& image : run.images)
        if (!image.packages.empty()) image.packages.begin()->second += "~old";
    for (CellResult& cell : run.results)
        if (cell.verdict == Verdict::Fixed || cell.verdict == Verdict::FixFailed)
            cell.verdict = Verdict::Immune;
    return run;
}

TEST(Atlas, is_as_a_person_accepted_it) {
    Atlas atlas;
    atlas.add(read_atlas_run(to_json(sample_run()), "results.json"));
    atlas.add(read_atlas_run(to_json(former_run()), "results.json"));
    atlas.add_recipe("clamd-tmpdir-cron.sh", "true");
    for (const auto& upgrade : read_atlas_upgrades(upgrade_json(roof_upgrade()), "upgrade.json").list)
        atlas.add_upgrade(upgrade);
    atlas.add_bisection(
        R"({ "started": "2012-12-01T00:00:00Z", "case": "clamd-tmpdir", "variant": { "session": "cron" },
             "conclusion": "It came with 1.0.0." })",
        "bisect.json");
    const auto rules = Value::parse(read_file(fs::path(CLAMPROOF_SOURCE_DIR) / "reports/atlas.schema.json"));
    SchemaCheck check(rules);
    EXPECT_EQ(check.complaints(Value::parse(atlas.json())), Words());
    EXPECT_EQ(check.unused_keys(), Words());
    EXPECT_EQ(rules["properties"]["version"]["const"], Atlas::version);
    std::string text = atlas.json();
    RE2::GlobalReplace(&text, R"("id":"[0-9a-f-]{36}")", R"("id":"UUID")");  // it is of every byte of a run
    expect_golden("atlas.json", text);
}

TEST(Atlas, tells_the_newest_result_first_whatever_came_in_first) {
    const Seen old{.day = "2026-01-01", .verdict = Verdict::Immune}, now{.day = "2026-06-01"};
    const auto json = atlas_of({run_with(old), run_with(now)});
    EXPECT_EQ(verdicts_in(json["fields"][0]), (Words{"fixed", "immune"}));
    EXPECT_EQ(json["fields"][0]["cells"][0]["results"][0]["run"], 0);
    EXPECT_EQ(json["runs"][0]["started"], "2026-06-01T12:00:00Z");
    EXPECT_EQ(json["runs"][0]["host"], "A CPU, 4 cores");
    EXPECT_EQ(json["runs"][0]["clamproof"], program_version());
    EXPECT_EQ(json["fields"][0]["seen"], "2026-06-01T12:00:00Z");
    EXPECT_EQ(json["fields"][0]["verdicts"], nlohmann::json({{"fixed", 1}}));
    EXPECT_EQ(json, atlas_of({run_with(now), run_with(old)}));
}

TEST(Atlas, a_run_that_is_given_twice_is_there_once) {
    const RunResults run = run_with({.day = "2026-01-01"});
    EXPECT_EQ(atlas_of({run, run}), atlas_of({run}));
}

TEST(Atlas, says_where_results_of_a_cell_disagree) {
    EXPECT_EQ(only_field({{.day = "2026-01-01"}, {.day = "2026-02-01"}})["disagreements"], 0);
    const auto field = only_field({{.day = "2026-01-01", .verdict = Verdict::Immune}, {.day = "2026-02-01"}});
    EXPECT_EQ(field["disagreements"], 1);
    EXPECT_EQ(field["cells"][0]["disagrees"], true);
    EXPECT_EQ(only_field({{.day = "2026-01-01", .silent = true}, {.day = "2026-02-01"}})["disagreements"], 1)
        << "on whether it is silent";
    EXPECT_EQ(only_field({{.day = "2026-01-01", .verdict = Verdict::Reproduced},
                          {.day = "2026-02-01"}})["disagreements"],
              0)
        << "who did not ask for fixes does not deny them";
    EXPECT_EQ(only_field({{.day = "2026-01-01", .verdict = Verdict::Reproduced},
                          {.day = "2026-02-01", .verdict = Verdict::Immune}})["disagreements"],
              1);
}

TEST(Atlas, repeated_runs_that_disagree_do_so) {
    RunResults run = run_with({.day = "2026-01-01"});
    run.results[0].outcome = Outcome::Flaky;
    EXPECT_EQ(atlas_of({run})["fields"][0]["disagreements"], 1);
}

TEST(Atlas, other_versions_and_images_do_not_disagree) {
    const auto json =
        atlas_of({run_with({.day = "2026-01-01"}),
                  run_with({.day = "2026-01-02", .verdict = Verdict::Immune, .image = "hut"}),
                  run_with({.day = "2026-01-03", .verdict = Verdict::Immune, .clamd = "1.10.0"})});
    ASSERT_EQ(json["fields"].size(), 2U);
    for (const auto& field : json["fields"]) EXPECT_EQ(field["disagreements"], 0);
    EXPECT_EQ(json["fields"][0]["verdicts"], nlohmann::json({{"fixed", 1}, {"immune", 1}}));
    EXPECT_EQ(json["guests"][0]["clamd"], "1.4.6");
    EXPECT_EQ(json["guests"][1]["clamd"], "1.10.0");
}

TEST(Atlas, what_tells_nothing_of_the_failure_hides_nothing_that_does) {
    const auto field =
        only_field({{.day = "2026-01-01"}, {.day = "2026-02-01", .verdict = Verdict::InfraError}});
    EXPECT_EQ(field["known"], true);
    EXPECT_EQ(field["verdicts"], nlohmann::json({{"fixed", 1}}));
    EXPECT_EQ(field["seen"], "2026-01-01T12:00:00Z");
    EXPECT_EQ(field["disagreements"], 0);
    EXPECT_EQ(verdicts_in(field), (Words{"infra-error", "fixed"}));
    EXPECT_EQ(field["cells"][0]["current"], 1);
    const auto unknown = only_field({{.day = "2026-02-01", .verdict = Verdict::InfraError}});
    EXPECT_EQ(unknown["known"], false);
    EXPECT_EQ(unknown["verdicts"], nlohmann::json({{"infra-error", 1}}));
}

TEST(Atlas, silent_misses_come_first) {
    const auto json = atlas_of({run_with({.day = "2026-01-01"}, "a-loud-one"),
                                run_with({.day = "2026-01-01", .silent = true}, "the-silent-one")});
    EXPECT_EQ(json["cases"][0]["id"], "the-silent-one");
    EXPECT_EQ(json["fields"][0]["silent_misses"], 1);
    const auto& words = json["fields"][0]["cells"][0]["results"][0]["words"];
    EXPECT_EQ(json["texts"][words[0].get<std::size_t>()], "silent miss: by path; failing (probe)");
}

TEST(Atlas, what_a_guest_prints_is_never_markup) {
    RunResults run = sample_run();
    run.results.push_back(hostile_cell());
    run.results[0].because = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)>";
    run.images[0].facts["clamd"] = run.started = run.cases[0].story = "</script><b>";
    RunResults before = run_with({.day = "2026-01-01", .image = "<b>", .packages = {{"<i>", "1"}}}),
               after = run_with({.day = "2026-01-02",
                                 .verdict = Verdict::Immune,
                                 .image = "<b>",
                                 .packages = {{"<i>", "2"}}});
    UpgradeResults upgrade = roof_upgrade();
    upgrade.images[0].changes[0].name = upgrade.rows[0].fixes[0].why = "</script><b>";
    Atlas atlas, empty;
    for (const RunResults& one : {run, before, after})
        atlas.add(read_atlas_run(to_json(one), "results.json"));
    for (const auto& one : read_atlas_upgrades(upgrade_json(upgrade), "upgrade.json").list)
        atlas.add_upgrade(one);
    atlas.add_recipe("leak-<b>.sh", "");
    const std::string page = atlas_html(atlas.json()), bare = atlas_html(empty.json());
    EXPECT_EQ(std::count(page.begin(), page.end(), '<'), std::count(bare.begin(), bare.end(), '<'));
    const auto json = nlohmann::json::parse(atlas.json());
    EXPECT_EQ(json["runs"][0]["started"], "</script><b>");
    EXPECT_EQ(json["changes"].size(), 1U);
    EXPECT_EQ(json["upgrades"].size(), 1U);
}

TEST(Atlas, is_written_for_a_web_server) {
    const TempDir folder(testing::TempDir(), "atlas-");
    const Atlas atlas;
    write_atlas(atlas, folder.path() / "web" / "site");
    EXPECT_EQ(read_file(folder.path() / "web/site/atlas.json"), atlas.json());
    EXPECT_EQ(read_file(folder.path() / "web/site/index.html"), atlas_html(atlas.json()));
    EXPECT_EQ(read_file(folder.path() / "web/site/feed.xml"), atlas.feed());
    EXPECT_FALSE(fs::exists(folder.path() / "web/site/recipes"));
    EXPECT_NE(fs::status(folder.path() / "web/site").permissions() & fs::perms::others_read, fs::perms::none);
}

TEST(Atlas, a_case_names_the_scripts_that_are_kept_of_it) {
    RunResults run = run_with({.day = "2026-01-01"});
    run.results.push_back(cell_with({.day = "2026-01-01"}, "leak-in-rain"));
    Atlas atlas;
    atlas.add(read_atlas_run(to_json(run), "results.json"));
    for (const char* file : {"leak.sh", "leak-cron.sh", "leak-in-rain-cron.sh", "leakage.sh", "door.sh"})
        atlas.add_recipe(file, file);
    const auto cases = nlohmann::json::parse(atlas.json())["cases"];
    EXPECT_EQ(cases[0]["recipes"], nlohmann::json({"leak-cron.sh", "leak.sh"}));
    EXPECT_EQ(cases[1]["recipes"], nlohmann::json({"leak-in-rain-cron.sh"}));
    const TempDir folder(testing::TempDir(), "atlas-");
    write_atlas(atlas, folder.path());
    EXPECT_EQ(read_file(folder.path() / "recipes/leak-cron.sh"), "leak-cron.sh");
    EXPECT_FALSE(fs::exists(folder.path() / "recipes/door.sh")) << "no case of it is there";
}

std::string recipe_command_of(const std::vector<RunResults>& runs) {
    const auto json = atlas_of(runs);
    EXPECT_EQ(json, atlas_of({runs.rbegin(), runs.rend()}));
    return json["cases"][0]["recipe_command"];
}

TEST(Atlas, a_case_names_the_command_that_makes_a_recipe_of_its_newest_fixed_cell) {
    RunResults old = run_with({.day = "2026-01-01", .image = "hut"}), now = run_with({.day = "2026-01-02"}),
               immune = run_with({.day = "2026-01-03", .verdict = Verdict::Immune, .image = "tent"});
    now.results[0].variant = {{"weather", "heavy rain"}};
    now.results[0].called = {.program = "/srv/clamproof", .options = {"--cases", "/srv/cases"}};
    EXPECT_EQ(recipe_command_of({old, now, immune}),
              "clamproof recipe house leak --variant 'weather=heavy rain'");
    EXPECT_EQ(recipe_command_of({immune}), "");
    now.results[0].install = {"/home/me/clamd_1.ipk"};
    EXPECT_EQ(recipe_command_of({old, now}), "clamproof recipe hut leak") << "needs nothing but the image";
    EXPECT_EQ(recipe_command_of({now}),
              "clamproof recipe house leak --variant 'weather=heavy rain' --install clamd_1.ipk");
}

TEST(Atlas, its_page_asks_nobody_for_anything) {
    const std::string page = atlas_html(Atlas().json());
    EXPECT_NE(page.find("default-src 'none'; style-src 'sha256-"), std::string::npos);
    for (const char* loads : {"http:", "https:", "src=", "unsafe", "innerHTML", "@import", "url(", "PAGE_"})
        EXPECT_EQ(page.find(loads), std::string::npos) << loads;
}

std::string of_version_99(const RunResults& run) {
    std::string text = to_json(run);
    const std::string version = fmt::format("\"version\": {}", results_version);
    return text.replace(text.find(version), version.size(), R"("version": 99, "news": [ "of the future" ])");
}

TEST(Atlas, results_of_another_version_are_read_as_far_as_they_are_known) {
    Atlas atlas;
    EXPECT_EQ(atlas.add(read_atlas_run(of_version_99(run_with({.day = "2026-01-01"})), "web/results.json")),
              fmt::format("web/results.json: results of version 99 are read as far as version {} goes",
                          results_version));
    const auto json = nlohmann::json::parse(atlas.json());
    EXPECT_EQ(json["runs"][0]["results_version"], 99);
    EXPECT_EQ(json["fields"][0]["verdicts"], nlohmann::json({{"fixed", 1}}));
}

TEST(Atlas, what_cannot_be_read_is_refused_by_name) {
    for (const std::string text : {R"({ "version": 99, "results": [ { "verdict": "great" } ] })",
                                   R"({ "version": 99 })", "{}", "[", "", "a report"}) {
        try {
            read_atlas_run(text, "web/results.json");
            FAIL() << text;
        } catch (const InputError& error) {
            EXPECT_TRUE(std::string(error.what()).starts_with("web/results.json:")) << error.what();
        }
    }
    EXPECT_THROW(Atlas().add_bisection("{}", "bisect.json"), InputError);
}

}  // namespace
}  // namespace clamproof
