#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reports/sample_test.h"
#include "reports/schema_check_test.h"
#include "results/results_json.h"
#include "support/files.h"

namespace clamproof {
namespace {

Value schema() {
    return Value::parse(read_file(fs::path(CLAMPROOF_SOURCE_DIR) / "reports" / "results.schema.json"));
}

Value document() {
    return Value::parse(to_json(sample_run()));
}

using Strings = std::vector<std::string>;

TEST(Schema, results_are_as_it_says) {
    const Value rules = schema();
    SchemaCheck check(rules);
    EXPECT_EQ(check.complaints(document()), Strings());
}

TEST(Schema, declares_nothing_that_is_never_written) {
    const Value rules = schema();
    SchemaCheck check(rules);
    check.complaints(document());
    EXPECT_EQ(check.unused_keys(), Strings());
}

TEST(Schema, holds_for_an_empty_run_a_big_one_and_a_hostile_one) {
    const Value rules = schema();
    SchemaCheck check(rules);
    EXPECT_EQ(check.complaints(Value::parse(to_json(RunResults()))), Strings());
    RunResults run = big_run(20);
    run.interrupted = true;
    run.results.push_back(hostile_cell());
    EXPECT_EQ(check.complaints(Value::parse(to_json(run))), Strings());
}

/// Everything that is written is required, and nothing else may be there: checked at every object of the
/// sample.
void expect_strict(SchemaCheck& check, Value& whole, Value& part, const std::string& place) {
    if (part.is_array()) {
        for (Value& element : part) expect_strict(check, whole, element, place + "[]");
    }
    if (!part.is_object()) return;
    static const std::set<std::string> maps{"facts", "packages", "variant", "changes", "scripts"};
    if (maps.contains(place.substr(place.rfind('.') + 1))) return;
    part["surprise"] = 1;
    EXPECT_NE(check.complaints(whole), Strings()) << place << " takes a surprise";
    part.erase("surprise");
    Strings keys;
    for (const auto& [key, ignored] : part.items()) keys.push_back(key);
    for (const std::string& key : keys) {
        const Value kept = part[key];
        part.erase(key);
        EXPECT_NE(check.complaints(whole), Strings()) << place << " does without " << key;
        part[key] = kept;
        expect_strict(check, whole, part[key], place + "." + key);
    }
}

TEST(Schema, is_strict_everywhere) {
    const Value rules = schema();
    SchemaCheck check(rules);
    RunResults run = sample_run();
    run.results = {sample_failed_cell()};
    run.results[0].arms.erase(run.results[0].arms.begin(), run.results[0].arms.begin() + 2);
    Value whole = Value::parse(to_json(run));
    expect_strict(check, whole, whole, "");
}

TEST(Schema, knows_the_same_words_as_the_program) {
    const Value rules = schema();
    for (const Value& word : rules["$defs"]["verdict"]["enum"]) {
        EXPECT_TRUE(verdict_from(word.get<std::string>())) << word;
    }
    EXPECT_EQ(rules["$defs"]["verdict"]["enum"].size(), static_cast<std::size_t>(Verdict::InfraError) + 1);
    for (const Value& word : rules["$defs"]["cell"]["properties"]["outcome"]["enum"]) {
        EXPECT_TRUE(outcome_from(word.get<std::string>())) << word;
    }
    EXPECT_EQ(rules["properties"]["version"]["const"], results_version);
}

TEST(Schema, the_checker_can_say_no) {
    const Value rules = schema();
    SchemaCheck check(rules);
    Value value = document();
    value["results"][0]["verdict"] = "great";
    value["results"][1]["expected"] = 7;
    value["results"][1]["arms"][0]["held"] = "yes";
    value["results"][1]["seconds"] = -1;
    value["host"]["cores"] = 1.5;
    value["version"] = 1;
    EXPECT_EQ(check.complaints(value).size(), 6U);
}

}  // namespace
}  // namespace clamproof
