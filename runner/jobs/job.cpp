#include "jobs/job.h"

#include <nlohmann/json.hpp>
#include <type_traits>

#include "image/layer.h"
#include "support/error.h"

namespace clamproof {
namespace {

using JobJson = nlohmann::json;

JobJson json_of(const std::vector<Layer>& layers) {
    JobJson list = JobJson::array();
    for (const auto& layer : layers) list.push_back(to_json(layer));
    return list;
}

std::vector<Layer> layers_from(const JobJson& list) {
    std::vector<Layer> layers;
    for (const auto& json : list) layers.push_back(layer_from_json(json));
    return layers;
}

JobJson json_of(const CellId& cell) {
    return {{"image", cell.image}, {"case", cell.case_id}, {"variant", cell.variant}};
}

CellId cell_id_from(const JobJson& json) {
    return {.image = json.at("image"), .case_id = json.at("case"), .variant = json.at("variant")};
}

JobJson json_of(const std::optional<Verdict>& verdict) {
    return verdict ? JobJson(to_string(*verdict)) : JobJson();
}

std::optional<Verdict> verdict_of(const JobJson& json) {
    return json.is_null() ? std::nullopt : verdict_from(json.get<std::string>());
}

JobJson json_of(const PrepareImage& job) {
    return {{"job", "prepare"}, {"image", job.image}, {"layers", json_of(job.layers)}};
}

JobJson json_of(const InspectGuest& job) {
    return {
        {"job", "inspect"}, {"image", job.image}, {"layers", json_of(job.layers)}, {"script", job.script}};
}

JobJson json_of(const RunCell& job) {
    JobJson json = {{"job", "cell"},
                    {"cell", json_of(job.cell)},
                    {"layers", json_of(job.layers)},
                    {"evidence", job.evidence},
                    {"siblings", job.siblings}};
    if (job.ends) json["ends"] = {{"good", json_of(job.ends->good)}, {"bad", json_of(job.ends->bad)}};
    if (job.inspect) json["inspect"] = *job.inspect;
    if (job.copy_of) json["copy_of"] = *job.copy_of;
    return json;
}

JobJson json_of(const CheckFixSurvival& job) {
    return {{"job", "survival"},
            {"cell", json_of(job.cell)},
            {"layers", json_of(job.layers)},
            {"evidence", job.evidence},
            {"change", to_json(job.change)}};
}

RunCell run_cell_from(const JobJson& json) {
    RunCell job{.cell = cell_id_from(json.at("cell")),
                .layers = layers_from(json.at("layers")),
                .evidence = json.at("evidence"),
                .siblings = json.at("siblings")};
    if (const auto ends = json.find("ends"); ends != json.end())
        job.ends = Ends{.good = verdict_of(ends->at("good")), .bad = verdict_of(ends->at("bad"))};
    if (const auto inspect = json.find("inspect"); inspect != json.end())
        job.inspect = inspect->get<std::string>();
    if (const auto copy_of = json.find("copy_of"); copy_of != json.end())
        job.copy_of = copy_of->get<std::string>();
    return job;
}

}  // namespace

std::string job_text(const Job& job) {
    return std::visit(
        [](const auto& one) {
            if constexpr (requires { one.cell; })
                return one.cell.text();
            else
                return one.image;
        },
        job);
}

std::vector<std::string> packages_of(const std::vector<Layer>& layers) {
    std::vector<std::string> files;
    for (const auto& layer : layers)
        for (const auto& file : layer.packages.files) files.push_back(file.string());
    return files;
}

std::string job_to_json(const Job& job) {
    return std::visit([](const auto& one) { return json_of(one).dump(); }, job);
}

Job job_from_json(std::string_view line) try {
    const auto json = JobJson::parse(line);
    const std::string kind = json.at("job");
    if (kind == "prepare")
        return PrepareImage{.image = json.at("image"), .layers = layers_from(json.at("layers"))};
    if (kind == "inspect")
        return InspectGuest{
            .image = json.at("image"), .layers = layers_from(json.at("layers")), .script = json.at("script")};
    if (kind == "cell") return run_cell_from(json);
    if (kind == "survival")
        return CheckFixSurvival{.cell = cell_id_from(json.at("cell")),
                                .layers = layers_from(json.at("layers")),
                                .evidence = json.at("evidence"),
                                .change = layer_from_json(json.at("change"))};
    throw InputError("a worker was given a job of no known kind: " + kind);
} catch (const nlohmann::json::exception& error) {
    throw InputError(std::string("a worker was given something else than a job: ") + error.what());
}

}  // namespace clamproof
