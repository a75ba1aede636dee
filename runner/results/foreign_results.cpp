#include "results/foreign_results.h"

#include <utility>

#include "results/json_shape.h"
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
