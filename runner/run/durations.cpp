#include "run/durations.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

std::map<std::string, double> parse(const std::string& text) {
    return nlohmann::json::parse(text).get<std::map<std::string, double>>();
}

std::map<std::string, double> read(const fs::path& file) noexcept try {
    return parse(read_file(file));
} catch (...) {
    return {};
}

std::string written(const std::map<std::string, double>& seconds) {
    return nlohmann::json(seconds).dump(1) + "\n";
}

}  // namespace

Durations::Durations(fs::path file) : file_(std::move(file)), seconds_(read(file_)) {}

fs::path Durations::default_file() {
    return cache_folder() / "durations.json";
}

Durations Durations::of(const fs::path& file) try {
    const std::string text = read_file(file);
    Durations durations{fs::path()};
    durations.seconds_ = parse(text);
    return durations;
} catch (const std::exception& error) {
    throw InputError(
        fmt::format("{} does not tell how long cells took ({}); a run writes such a file as "
                    "OUT/durations.json",
                    file.string(), error.what()));
}

std::optional<double> Durations::known(const CellId& cell) const {
    const auto known = seconds_.find(cell.text());
    return known == seconds_.end() ? std::nullopt : std::optional(known->second);
}

double Durations::expected(const CellId& cell) const {
    return known(cell).value_or(std::numeric_limits<double>::max());
}

void Durations::add(const std::vector<CellResult>& results) {
    for (const CellResult& cell : results) {
        const bool ran =
            !cell.arms.empty() && (cell.outcome == Outcome::Pass || cell.outcome == Outcome::Known);
        if (ran || cell.outcome == Outcome::Skipped) seconds_[cell.id().text()] = ran ? cell.seconds : 0;
    }
}

void Durations::remember(const std::vector<CellResult>& results) noexcept try {
    seconds_ = read(file_);
    add(results);
    make_folder(file_.parent_path());
    write_file(file_, written(seconds_));
} catch (...) {  // NOLINT(bugprone-empty-catch): the next run begins its cells in another order, no more
}

std::string durations_json(const std::vector<CellResult>& results) {
    Durations durations{fs::path()};
    durations.add(results);
    return written(durations.seconds_);
}

}  // namespace clamproof
