#include "engine/durations.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "support/files.h"

namespace clamproof {
namespace {

std::map<std::string, double> read(const fs::path& file) noexcept try {
    return nlohmann::json::parse(read_file(file)).get<std::map<std::string, double>>();
} catch (...) {
    return {};
}

}  // namespace

Durations::Durations(fs::path file) : file_(std::move(file)), seconds_(read(file_)) {}

fs::path Durations::default_file() {
    return cache_folder() / "durations.json";
}

double Durations::expected(const Job& job) const {
    const auto known = seconds_.find(cell_key(job.image, job.case_id, job.variant));
    return known == seconds_.end() ? std::numeric_limits<double>::max() : known->second;
}

void Durations::remember(const std::vector<CellResult>& results) noexcept try {
    seconds_ = read(file_);
    for (const CellResult& cell : results)
        if (!cell.arms.empty() && cell.outcome == Outcome::Pass)
            seconds_[cell_key(cell.image, cell.case_id, cell.variant)] = cell.seconds;
    make_folder(file_.parent_path());
    write_file(file_, nlohmann::json(seconds_).dump(1) + "\n");
} catch (...) {  // NOLINT(bugprone-empty-catch): the next run begins its cells in another order, no more
}

}  // namespace clamproof
