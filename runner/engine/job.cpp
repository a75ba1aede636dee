#include "engine/job.h"

#include <nlohmann/json.hpp>

#include "support/error.h"

namespace clamproof {

std::string cell_key(const std::string& image, const std::string& case_id, const Variant& variant) {
    return image + " " + case_id + " " + variant_name(variant);
}

std::string job_to_json(const Job& job) {
    return nlohmann::json{{"image", job.image},
                          {"case", job.case_id},
                          {"variant", job.variant},
                          {"evidence", job.evidence},
                          {"siblings", job.siblings}}
        .dump();
}

Job job_from_json(std::string_view line) try {
    const auto json = nlohmann::json::parse(line);
    return {.image = json.at("image"),
            .case_id = json.at("case"),
            .variant = json.at("variant"),
            .evidence = json.at("evidence"),
            .siblings = json.at("siblings")};
} catch (const nlohmann::json::exception& error) {
    throw InputError(std::string("a worker was given something else than a job: ") + error.what());
}

}  // namespace clamproof
