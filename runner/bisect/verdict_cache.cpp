#include "bisect/verdict_cache.h"

#include <algorithm>
#include <chrono>

#include "results/results_json.h"
#include "support/error.h"
#include "support/file_lock.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr auto remembered_for = std::chrono::days(30);

std::string word(const std::optional<Verdict>& verdict) {
    return verdict ? std::string(to_string(*verdict)) : "-";
}

}  // namespace

std::string VerdictKey::text() const {
    std::string all = "results " + std::to_string(results_version) + "\nimage " + image + "\nmachine " +
                      machine + "\ncase " + subject + "\n";
    for (const auto& stage : stages) all += "stage " + stage + "\n";
    for (const auto& [name, value] : variant) all += "variant " + name + "=" + value + "\n";
    if (ends) all += "good " + word(ends->good) + " bad " + word(ends->bad) + "\n";
    return sha256(all);
}

std::string case_digest(const Case& subject, const std::string& library) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(subject.folder))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::string all = subject.id + "\n" + sha256(library) + "\n";
    for (const auto& file : files) all += sha256_file(file) + " " + file.filename().string() + "\n";
    return sha256(all);
}

VerdictCache::VerdictCache(fs::path folder) : folder_(std::move(folder)) {}

std::vector<CellResult> VerdictCache::find(const VerdictKey& key) const {
    const fs::path file = folder_ / key.text();
    std::error_code none;
    if (!fs::is_regular_file(file, none)) return {};
    std::vector<CellResult> results;
    try {
        for (const auto& line : lines_of(read_file(file))) results.push_back(cell_from_json(line));
    } catch (const InputError&) {
        return {};
    }
    fs::last_write_time(file, fs::file_time_type::clock::now(), none);
    return results;
}

void VerdictCache::keep(const VerdictKey& key, CellResult result) const {
    if (result.verdict == Verdict::InfraError) return;
    for (Arm& arm : result.arms) arm.artifacts.clear();
    make_folder(folder_);
    const FileLock lock(folder_ / "lock");
    std::string text;
    for (const auto& earlier : find(key)) text += to_json(earlier) + "\n";
    write_file(folder_ / key.text(), text + to_json(result) + "\n");
}

std::size_t VerdictCache::forget() const {
    std::error_code ignored;
    std::vector<fs::path> forgotten;
    for (const auto& entry : fs::directory_iterator(folder_, ignored))
        if (entry.last_write_time(ignored) < fs::file_time_type::clock::now() - remembered_for &&
            entry.path().filename() != "lock")
            forgotten.push_back(entry.path());
    for (const auto& file : forgotten) fs::remove(file, ignored);
    return forgotten.size();
}

}  // namespace clamproof
