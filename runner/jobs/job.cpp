#include "jobs/job.h"

#include <nlohmann/json.hpp>

#include "image/layer_json.h"
#include "support/error.h"

namespace clamproof {
namespace {

std::string name_of(const std::optional<Verdict>& verdict) {
    return verdict ? std::string(to_string(*verdict)) : "";
}

nlohmann::json to_json(const std::vector<Layer>& layers) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& layer : layers) list.push_back(clamproof::to_json(layer));
    return list;
}

std::vector<Layer> layers_from(const nlohmann::json& list) {
    std::vector<Layer> layers;
    for (const auto& layer : list) layers.push_back(layer_from_json(layer));
    return layers;
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
    for (const auto& layer : job.stages)
        for (const auto& file : layer.packages.files) files.push_back(file.string());
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
                          {"later", job.later ? clamproof::to_json(*job.later) : nlohmann::json()},
                          {"look", job.look}}
        .dump();
}

Job job_from_json(std::string_view line) try {
    const auto job = nlohmann::json::parse(line);
    return {
        .image = job.at("image"),
        .case_id = job.at("case"),
        .variant = job.at("variant"),
        .evidence = job.at("evidence"),
        .siblings = job.at("siblings"),
        .stages = layers_from(job.at("stages")),
        .question = question_from(job.at("question")),
        .later = job.at("later").is_null() ? std::nullopt : std::optional(layer_from_json(job.at("later"))),
        .look = job.at("look")};
} catch (const nlohmann::json::exception& error) {
    throw InputError(std::string("a worker was given something else than a job: ") + error.what());
}

}  // namespace clamproof
