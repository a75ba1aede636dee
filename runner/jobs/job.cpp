#include "jobs/job.h"

#include <nlohmann/json.hpp>

#include "support/error.h"

namespace clamproof {
namespace {

std::string name_of(const std::optional<Verdict>& verdict) {
    return verdict ? std::string(to_string(*verdict)) : "";
}

nlohmann::json to_json(const std::vector<JobStage>& stages) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& stage : stages)
        list.push_back({{"packages", stage.packages}, {"script", stage.script}, {"kept", stage.kept}});
    return list;
}

std::vector<JobStage> stages_from(const nlohmann::json& list) {
    std::vector<JobStage> stages;
    for (const auto& stage : list)
        stages.push_back(
            {.packages = stage.at("packages"), .script = stage.at("script"), .kept = stage.at("kept")});
    return stages;
}

nlohmann::json to_json(const std::optional<JobStage>& stage) {
    return stage ? to_json(std::vector<JobStage>{*stage}) : nlohmann::json();
}

std::optional<JobStage> stage_from(const nlohmann::json& stage) {
    if (stage.is_null()) return std::nullopt;
    return stages_from(stage).at(0);
}

nlohmann::json to_json(const std::optional<Ends>& question) {
    if (!question) return nullptr;
    return {{"good", name_of(question->good)}, {"bad", name_of(question->bad)}};
}

std::optional<Ends> question_from(const nlohmann::json& question) {
    if (question.is_null()) return std::nullopt;
    return Ends{.good = verdict_from(question.at("good").get<std::string>()),
                .bad = verdict_from(question.at("bad").get<std::string>())};
}

}  // namespace

std::string cell_key(const std::string& image, const std::string& case_id, const Variant& variant) {
    return image + " " + case_id + " " + variant_name(variant);
}

std::vector<std::string> packages_of(const Job& job) {
    std::vector<std::string> files;
    for (const auto& stage : job.stages)
        files.insert(files.end(), stage.packages.begin(), stage.packages.end());
    return files;
}

std::string job_to_json(const Job& job) {
    return nlohmann::json{{"image", job.image},
                          {"case", job.case_id},
                          {"variant", job.variant},
                          {"evidence", job.evidence},
                          {"siblings", job.siblings},
                          {"stages", to_json(job.stages)},
                          {"question", to_json(job.question)},
                          {"later", to_json(job.later)},
                          {"look", job.look}}
        .dump();
}

Job job_from_json(std::string_view line) try {
    const auto job = nlohmann::json::parse(line);
    return {.image = job.at("image"),
            .case_id = job.at("case"),
            .variant = job.at("variant"),
            .evidence = job.at("evidence"),
            .siblings = job.at("siblings"),
            .stages = stages_from(job.at("stages")),
            .question = question_from(job.at("question")),
            .later = stage_from(job.at("later")),
            .look = job.at("look")};
} catch (const nlohmann::json::exception& error) {
    throw InputError(std::string("a worker was given something else than a job: ") + error.what());
}

}  // namespace clamproof
