#include "reports/atlas/history.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <tuple>

#include "bisect/differences.h"
#include "support/files.h"

namespace clamproof {
namespace {

// A result, and the guest that it was seen on.
struct Moment {
    const AtlasResult* result;
    const AtlasGuest* guest;
};

// Image, variant, and whether packages were installed over the image.
using Series = std::tuple<std::string, std::string, bool>;

const AtlasImage& image_of(const AtlasImages& images, const RunKey& run, const std::string& name) {
    static const AtlasImage unknown;
    const auto of_run = images.find(run);
    if (of_run == images.end()) return unknown;
    const auto found = of_run->second.find(name);
    return found == of_run->second.end() ? unknown : found->second;
}

std::map<Series, std::vector<Moment>> in_order_of_time(const std::map<AtlasGuest, AtlasField>& of_case,
                                                       const AtlasImages& images) {
    std::map<Series, std::vector<Moment>> all;
    for (const auto& [guest, field] : of_case)
        for (const auto& [cell, results] : field)
            for (const AtlasResult& result : results)
                if (result.verdict != Verdict::InfraError && is_dated(result.run.first))
                    all[{cell.first, cell.second, image_of(images, result.run, cell.first).installed}]
                        .push_back({.result = &result, .guest = &guest});
    for (auto& [series, moments] : all)
        std::stable_sort(moments.begin(), moments.end(), [](const Moment& one, const Moment& other) {
            return one.result->run < other.result->run;
        });
    return all;
}

AtlasSide side_of(const Moment& moment) {
    return {.run = moment.result->run,
            .guest = *moment.guest,
            .verdict = moment.result->verdict,
            .flaky = moment.result->flaky,
            .silent = moment.result->silent_misses > 0};
}

// Cells with the same runs and the same words on both sides are one change.
using SameChange = std::tuple<RunKey, RunKey, std::string, Verdict, bool, bool, Verdict, bool, bool>;
SameChange sameness(const std::string& image, const AtlasSide& before, const AtlasSide& after) {
    return {before.run,    after.run,     image,       before.verdict, before.flaky,
            before.silent, after.verdict, after.flaky, after.silent};
}

using Changes = std::map<SameChange, AtlasChange>;

void add_changes(Changes& changes, const Series& series, const std::vector<Moment>& moments) {
    const auto& [image, variant, installed] = series;
    for (std::size_t last = 0, now = 1; now < moments.size(); ++now) {
        const bool same = agree(*moments[last].result, *moments[now].result);
        // Who did not ask for fixes leaves what was known of them.
        if (same && moments[now].result->verdict == Verdict::Reproduced) continue;
        const AtlasSide before = side_of(moments[last]), after = side_of(moments[now]);
        last = now;
        if (same) continue;
        AtlasChange& change = changes[sameness(image, before, after)];
        change.image = image;
        change.before = before;
        change.after = after;
        change.variants.push_back(variant);
    }
}

// Which packages differ between two runs: many changes ask for the same.
class PackageChanges {
  public:
    explicit PackageChanges(const AtlasImages& images) : images_(images) {}

    std::optional<std::vector<std::string>> of(const AtlasChange& change) {
        const auto [found, is_new] =
            known_.try_emplace(std::tuple(change.before.run, change.after.run, change.image));
        if (!is_new) return found->second;
        const auto& before = image_of(images_, change.before.run, change.image).packages;
        const auto& after = image_of(images_, change.after.run, change.image).packages;
        if (!before.empty() && !after.empty()) found->second = changed_versions(before, after);
        return found->second;
    }

  private:
    const AtlasImages& images_;
    std::map<std::tuple<RunKey, RunKey, std::string>, std::optional<std::vector<std::string>>> known_;
};

// The run, the cell that it begins with and the way it changed name a change, whatever runs are added later.
std::string id_of(const AtlasChange& change) {
    return uuid_of(fmt::format("{}\n{}\n{}\n{}\n{}\n{} {}", change.after.run.first, change.after.run.second,
                               change.case_id, change.image, change.variants.front(),
                               to_string(change.before.verdict), to_string(change.after.verdict)));
}

bool comes_before(const AtlasChange& one, const AtlasChange& other) {
    if (one.after.run != other.after.run) return one.after.run > other.after.run;
    const auto place = [](const AtlasChange& change) {
        return std::tuple(!change.silent_appears(), std::string_view(change.case_id),
                          std::string_view(change.image), std::string_view(change.variants.front()));
    };
    return place(one) < place(other);
}

}  // namespace

bool is_dated(std::string_view started) {
    static const RE2 date(R"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)");
    return RE2::FullMatch(re2::StringPiece(started.data(), started.size()), date);
}

std::string uuid_of(std::string_view text) {
    std::string digits = sha256(text).substr(0, 32);
    digits[12] = '8';
    digits[16] = "89ab"[static_cast<unsigned char>(digits[16]) % 4];
    const std::string_view all = digits;
    return fmt::format("{}-{}-{}-{}-{}", all.substr(0, 8), all.substr(8, 4), all.substr(12, 4),
                       all.substr(16, 4), all.substr(20));
}

std::vector<AtlasChange> changes_between_runs(const AtlasFields& fields, const AtlasImages& images) {
    std::vector<AtlasChange> all;
    PackageChanges packages(images);
    for (const auto& [id, of_case] : fields) {
        Changes changes;
        for (const auto& [series, moments] : in_order_of_time(of_case, images))
            add_changes(changes, series, moments);
        for (auto& [same, change] : changes) {
            change.case_id = id;
            change.id = id_of(change);
            change.packages = packages.of(change);
            all.push_back(std::move(change));
        }
    }
    std::stable_sort(all.begin(), all.end(), comes_before);
    return all;
}

}  // namespace clamproof
