#include "results/results_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "results/case_info.h"
#include "results/cell_json.h"

namespace clamproof {
namespace {

JsonOut json_of(const std::optional<Shard>& shard) {
    if (!shard) return {};
    return {{"number", shard->number}, {"of", shard->of}};
}

std::optional<Shard> read_shard(const Json& json) {
    if (json.is_null()) return std::nullopt;
    ObjectReader reader(json, "a shard");
    const Shard shard{.number = read_integer(reader, "number"), .of = read_integer(reader, "of")};
    if (shard.number < 1 || shard.number > shard.of)
        throw reader.error("number", fmt::format("there is no shard {} of {}", shard.number, shard.of));
    reader.finish();
    return shard;
}

void check_version(ObjectReader& reader) {
    const int version = read_integer(reader, "version");
    if (version == results_version) return;
    throw reader.error("version",
                       fmt::format("these results have version {}, but this clamproof reads version {}; run "
                                   "the cases again, or use the clamproof that wrote them",
                                   version, results_version));
}

/// One element a line.
template <typename Items>
void append_list(std::string& text, std::string_view key, const Items& items, std::string_view end) {
    text += fmt::format("\"{}\": [", key);
    std::string_view before = "\n";
    for (const auto& item : items) {
        text += before;
        text += json_line(json_of(item));
        before = ",\n";
    }
    text += "\n]";
    text += end;
}

}  // namespace

std::string to_json(const CellResult& cell) {
    return json_line(json_of(cell));
}

std::string to_json(const RunResults& run) {
    std::string text = "{\n";
    text += fmt::format("\"version\": {},\n", results_version);
    text += fmt::format("\"started\": {},\n", json_line(json_text(run.started)));
    text += fmt::format("\"seconds\": {},\n", json_line(json_seconds(run.seconds)));
    text += fmt::format("\"interrupted\": {},\n", run.interrupted);
    text += fmt::format("\"host\": {},\n", json_line(json_of(run.host)));
    text += fmt::format("\"shard\": {},\n", json_line(json_of(run.shard)));
    append_list(text, "images", run.images, ",\n");
    append_list(text, "cases", run.cases, ",\n");
    append_list(text, "results", run.results, "\n}\n");
    return text;
}

CellResult cell_from_json(std::string_view text) {
    return read_cell(parse_json(text, "a cell's result"));
}

RunResults run_from_json(std::string_view text, const std::string& name) {
    const Json json = parse_json(text, name);
    ObjectReader reader(json, "results.json");
    check_version(reader);
    RunResults run{.started = read_text(reader, "started"),
                   .seconds = read_number(reader, "seconds"),
                   .interrupted = read_flag(reader, "interrupted"),
                   .host = read_host_info(reader.at("host")),
                   .shard = read_shard(reader.at("shard")),
                   .images = read_list(reader, "images", read_image_info),
                   .cases = read_list(reader, "cases", read_case_info),
                   .results = read_list(reader, "results", read_cell)};
    reader.finish();
    return run;
}

}  // namespace clamproof
