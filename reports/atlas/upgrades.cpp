#include "reports/atlas/upgrades.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/upgrade_reports.h"
#include "results/json_shape.h"
#include "results/upgrade_results.h"
#include "support/error.h"
#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t sentence_limit = 300;

// An upgrade with something in every list.
JsonOut model_upgrade() {
    UpgradeResults model;
    model.to = {""};
    model.images = {{.name = "", .digest = ""}};
    model.images[0].changes = {{.kind = "not-taken", .name = "", .before = "", .after = "new"}};
    UpgradeRow row;
    row.judgement.because = {""};
    row.fixes = {FixOutcome()};
    model.rows = {row};
    return JsonOut::parse(upgrade_json(model));
}

AtlasUpgradeRow::Side read_upgrade_side(const Json& json) {
    ObjectReader reader(json, "a side");
    return {.verdict = read_text(reader, "verdict"), .silent_misses = read_integer(reader, "silent_misses")};
}

AtlasUpgradeRow::Fix read_upgrade_fix(const Json& json) {
    ObjectReader reader(json, "a fix");
    return {
        .id = read_text(reader, "fix"), .fate = read_text(reader, "fate"), .why = read_text(reader, "why")};
}

GuestChange read_guest_change(const Json& json) {
    ObjectReader reader(json, "a change");
    return {.kind = read_text(reader, "kind"),
            .name = read_text(reader, "name"),
            .before = read_text(reader, "before"),
            .after = read_text(reader, "after")};
}

// A row, and the image and state that it is of.
struct PlacedRow {
    std::string image, state;
    AtlasUpgradeRow row;
};

PlacedRow read_upgrade_row(const Json& json) {
    ObjectReader reader(json, "a row");
    return {.image = read_text(reader, "image"),
            .state = read_text(reader, "state"),
            .row = {.case_id = read_text(reader, "case"),
                    .variant = variant_name(read_texts_by_name(reader, "variant")),
                    .change = read_text(reader, "change"),
                    .because = read_texts(reader, "because"),
                    .before = read_upgrade_side(reader.at("before")),
                    .after = read_upgrade_side(reader.at("after")),
                    .fixes = read_list(reader, "fixes", read_upgrade_fix)}};
}

// An older clamproof did not tell them.
std::optional<AtlasGuest> read_upgraded_guest(ObjectReader& reader, const char* key) {
    if (!reader.find(key)) return std::nullopt;
    const auto facts = read_texts_by_name(reader, key);
    return facts.empty() ? std::nullopt : std::optional(atlas_guest(facts));
}

AtlasUpgrade read_upgraded_image(const Json& json) {
    ObjectReader reader(json, "an image");
    AtlasUpgrade upgrade{.image = read_text(reader, "name"),
                         .state = read_text(reader, "state"),
                         .before = read_upgraded_guest(reader, "facts_before"),
                         .after = read_upgraded_guest(reader, "facts_after"),
                         .not_installable = read_text(reader, "not_installable"),
                         .not_taken = read_texts(reader, "not_taken")};
    for (const GuestChange& change : read_list(reader, "changes", read_guest_change)) {
        if (change.kind == "package")
            upgrade.packages.push_back(fmt::format("{} {} → {}", change.name,
                                                   change.before.empty() ? "none" : change.before,
                                                   change.after.empty() ? "none" : change.after));
        else if (change.kind != "not-taken")
            upgrade.others.push_back(one_line(sentence(change), sentence_limit));
    }
    return upgrade;
}

std::vector<AtlasUpgrade> read_upgrade_list(const Json& json, std::string_view text) {
    ObjectReader reader(json, "upgrade.json");
    const std::string started = read_text(reader, "started");
    const auto to = read_texts(reader, "to");
    auto list = read_list(reader, "images", read_upgraded_image);
    const auto rows = read_list(reader, "rows", read_upgrade_row);
    for (AtlasUpgrade& upgrade : list) {
        upgrade.started = started;
        upgrade.digest = sha256(text);
        upgrade.to = to;
        for (const PlacedRow& placed : rows)
            if (placed.image == upgrade.image && placed.state == upgrade.state)
                upgrade.rows.push_back(placed.row);
    }
    return list;
}

JsonOut json_of_side(const AtlasUpgradeRow::Side& side) {
    return {{"verdict", json_text(side.verdict)}, {"silent_misses", side.silent_misses}};
}

JsonOut json_of_row(const AtlasUpgradeRow& row, Texts& texts) {
    JsonOut fixes = JsonOut::array();
    for (const auto& fix : row.fixes)
        fixes.push_back(
            {{"id", json_text(fix.id)}, {"fate", json_text(fix.fate)}, {"why", json_text(fix.why)}});
    return {{"case", json_text(row.case_id)},     {"variant", json_text(row.variant)},
            {"change", json_text(row.change)},    {"because", texts.numbers(row.because)},
            {"before", json_of_side(row.before)}, {"after", json_of_side(row.after)},
            {"fixes", std::move(fixes)}};
}

}  // namespace

AtlasUpgrades read_atlas_upgrades(std::string_view text, const std::string& name) {
    const Json json = parse_json(text, name);
    ObjectReader reader(json, "upgrade.json");
    const int version = read_integer(reader, "version");
    if (version == upgrade_version) return {.list = read_upgrade_list(json, text), .unread = ""};
    const JsonOut known = in_shape(JsonOut::parse(text, nullptr, true, true), model_upgrade());
    AtlasUpgrades read{.list = read_upgrade_list(parse_json(json_line(known), name), text),
                       .unread = fmt::format("{}: an upgrade of version {} is read as far as version {} goes",
                                             name, version, upgrade_version)};
    if (read.list.empty())
        throw InputError(fmt::format(
            "{}: of this upgrade of version {} this clamproof, which reads version {}, can read nothing",
            name, version, upgrade_version));
    return read;
}

JsonOut json_of_upgrade(const AtlasUpgrade& upgrade, Texts& texts,
                        const std::function<std::size_t(const AtlasGuest&)>& number) {
    const auto place = [&](const std::optional<AtlasGuest>& guest) {
        return guest ? JsonOut(number(*guest)) : JsonOut();
    };
    JsonOut rows = JsonOut::array();
    for (const auto& row : upgrade.rows) rows.push_back(json_of_row(row, texts));
    return {{"started", json_text(upgrade.started)},
            {"to", json_texts(upgrade.to)},
            {"image", json_text(upgrade.image)},
            {"state", json_text(upgrade.state)},
            {"before", place(upgrade.before)},
            {"after", place(upgrade.after)},
            {"not_installable", json_text(upgrade.not_installable)},
            {"not_taken", texts.numbers(upgrade.not_taken)},
            {"packages", texts.numbers(upgrade.packages)},
            {"others", texts.numbers(upgrade.others)},
            {"rows", std::move(rows)}};
}

}  // namespace clamproof
