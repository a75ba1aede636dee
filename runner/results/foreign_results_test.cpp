#include "results/foreign_results.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/sample_test.h"
#include "results/results_json.h"
#include "support/error.h"

namespace clamproof {
namespace {

using Document = nlohmann::ordered_json;

Document sample_of_version_4() {
    Document json = Document::parse(to_json(sample_run()));
    json["version"] = 4;
    return json;
}

ForeignRun read(const Document& json) {
    return foreign_run_from_json(json.dump(), "results.json");
}

TEST(ForeignResults, of_this_version_nothing_is_left_out) {
    const std::string text = to_json(sample_run());
    const ForeignRun foreign = foreign_run_from_json(text, "results.json");
    EXPECT_EQ(to_json(foreign.run), text);
    EXPECT_EQ(foreign.version, results_version);
}

TEST(ForeignResults, what_is_alike_is_read_whole) {
    const ForeignRun foreign = read(sample_of_version_4());
    EXPECT_EQ(foreign.version, 4);
    EXPECT_EQ(foreign.unreadable, 0U);
    ASSERT_EQ(foreign.run.results.size(), sample_run().results.size());
    const CellResult& cell = foreign.run.results[1];
    EXPECT_EQ(cell.arms.size(), 3U);
    EXPECT_EQ(cell.arms[2].seen, "the probe failed again: Can't find any free port");
    EXPECT_EQ(cell.variant, sample_run().results[1].variant);
    EXPECT_EQ(foreign.run.images[0].facts, sample_run().images[0].facts);
    EXPECT_EQ(foreign.run.cases[0].fixes.size(), 1U);
}

TEST(ForeignResults, what_is_missing_is_empty_and_what_is_unknown_is_left_out) {
    Document json = sample_of_version_4();
    for (const char* key : {"clamproof", "host", "cases"}) json.erase(key);
    json["news"] = true;
    json["results"] = Document::array({json["results"][1], 7});
    for (auto& arm : json["results"][0]["arms"])
        for (auto& scan : arm["scans"]) scan.erase("fault");
    for (const char* key : {"again", "called"}) json["results"][0].erase(key);
    json["results"][0]["seconds"] = "long";
    json["results"][0]["arms"].push_back("an arm");
    const ForeignRun foreign = read(json);
    EXPECT_EQ(foreign.run.clamproof, "");
    EXPECT_EQ(foreign.run.host.cpu, "");
    EXPECT_TRUE(foreign.run.cases.empty());
    ASSERT_EQ(foreign.run.results.size(), 1U);
    EXPECT_EQ(foreign.run.results[0].arms.size(), 3U);
    EXPECT_EQ(foreign.run.results[0].seconds, 0);
    EXPECT_EQ(foreign.run.results[0].silent_misses(), 1);
    EXPECT_EQ(foreign.run.results[0].alarming_misses(), 0);
}

TEST(ForeignResults, cells_with_unknown_words_are_counted) {
    Document json = sample_of_version_4();
    json["results"][0]["verdict"] = "great";
    const ForeignRun foreign = read(json);
    EXPECT_EQ(foreign.unreadable, 1U);
    EXPECT_EQ(foreign.run.results.size(), sample_run().results.size() - 1);
}

TEST(ForeignResults, what_is_no_results_is_refused) {
    for (const char* text : {"", "[", "7", "{}", R"({ "version": "5" })"})
        EXPECT_THROW(foreign_run_from_json(text, "results.json"), InputError) << text;
}

}  // namespace
}  // namespace clamproof
