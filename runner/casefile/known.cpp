#include "casefile/known.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "support/json_reader.h"
#include "support/text.h"

namespace clamproof {
namespace {

bool is_day(const std::string& text) {
    int year = 0;
    unsigned int month = 0, day = 0;
    int read = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &read) != 3 || text.size() != 10 ||
        read != 10)
        return false;
    return (std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)).ok();
}

const Case& case_named(ObjectReader& reader, const std::vector<Case>& cases) {
    const std::string id = reader.string("case");
    const auto found =
        std::find_if(cases.begin(), cases.end(), [&](const Case& one) { return one.id == id; });
    if (found != cases.end()) return *found;
    std::vector<std::string> ids;
    for (const auto& one : cases) ids.push_back(one.id);
    throw reader.error("case", unknown_word("case", id, ids));
}

KnownProblem read_problem(const Json& node, const std::vector<Case>& cases) {
    ObjectReader reader(node, "a known problem");
    KnownProblem problem;
    const Case& subject = case_named(reader, cases);
    problem.case_id = subject.id;
    if (const Json* when = reader.find("when"))
        problem.when = read_when(*when, {subject.facts, subject.matrix});
    problem.verdict = *verdict_from(
        reader.word("verdict", verdict_names({Verdict::Reproduced, Verdict::Skipped, Verdict::InfraError})));
    problem.reason = reader.string("reason");
    problem.link = reader.string("link");
    problem.expires = reader.string("expires");
    if (!is_day(problem.expires))
        throw reader.error("expires",
                           fmt::format("\"{}\" is no day; write it as 2030-12-31", problem.expires));
    problem.place = fmt::format("{}:{}", *node.position().file, node.position().line);
    reader.finish();
    return problem;
}

}  // namespace

std::vector<KnownProblem> load_known(const std::filesystem::path& file, const std::vector<Case>& cases) {
    const Json root = read_json_file(file);
    ObjectReader reader(root, "known problems");
    std::vector<KnownProblem> known;
    for (const Json& node : reader.at("known").as_array("\"known\""))
        known.push_back(read_problem(node, cases));
    reader.finish();
    return known;
}

}  // namespace clamproof
