#include "results/foreign_results.h"

#include <utility>

#include "results/results_json.h"
#include "support/error.h"

namespace clamproof {
namespace {

// A run with something in every list. A silent miss of which nothing else is known is taken for the
// failure's.
JsonOut model_run() {
    Arm arm;
    arm.steps = {Step()};
    arm.denials = {Denial()};
    arm.scans = {{.method = "", .file = "", .outcome = "error", .step = "", .fault = Fault::Present}};
    arm.notes = arm.changes = arm.artifacts = {""};
    CellResult cell;
    cell.arms = {arm};
    cell.install = {""};
    RunResults run;
    run.clamproof = "";
    run.images = {ImageInfo()};
    run.cases = {CaseInfo()};
    run.cases[0].fixes = {CaseInfo::Fix()};
    run.results = {cell};
    return JsonOut::parse(to_json(run));
}

bool of_one_kind(const JsonOut& one, const JsonOut& model) {
    return model.is_number_float() ? one.is_number() : one.type() == model.type();
}

// What the model has, of what is given: the model's null stands for any word or number, its empty object for
// texts by name, the element of its list for all elements.
JsonOut in_shape(const JsonOut& given, const JsonOut& model) {
    if (model.is_null()) return given.is_primitive() ? given : model;
    JsonOut shaped = model.is_array() ? JsonOut::array() : model;
    if (!of_one_kind(given, model)) return shaped;
    if (model.is_array()) {
        for (const JsonOut& one : given)
            if (of_one_kind(one, model.front())) shaped.push_back(in_shape(one, model.front()));
    } else if (model.is_object() && model.empty()) {
        for (const auto& [name, text] : given.items())
            if (text.is_string()) shaped[name] = text;
    } else if (model.is_object()) {
        for (const auto& [key, part] : model.items())
            shaped[key] = in_shape(given.contains(key) ? given[key] : JsonOut(), part);
    } else {
        shaped = given;
    }
    return shaped;
}

ForeignRun as_far_as_known(const JsonOut& given, int version) {
    JsonOut known = in_shape(given, model_run());
    JsonOut cells = std::exchange(known["results"], JsonOut::array());
    known["version"] = results_version;
    ForeignRun foreign{.run = run_from_json(json_line(known)), .version = version};
    for (JsonOut& cell : cells) {
        if (cell["called"].empty()) cell.erase("called");  // which may be missing, but names a program
        try {
            foreign.run.results.push_back(cell_from_json(json_line(cell)));
        } catch (const InputError&) {
            ++foreign.unreadable;
        }
    }
    return foreign;
}

}  // namespace

ForeignRun foreign_run_from_json(std::string_view text, const std::string& name) {
    const Json json = parse_json(text, name);  // complains of what is no JSON
    ObjectReader reader(json, "results.json");
    const int version = read_integer(reader, "version");
    if (version == results_version) return {.run = read_run(json), .version = version};
    return as_far_as_known(JsonOut::parse(text, nullptr, true, true), version);
}

}  // namespace clamproof
