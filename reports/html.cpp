#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "reports/page.h"
#include "reports/report_pages.h"
#include "reports/reports.h"
#include "reports/sections.h"
#include "reports/summary.h"
#include "results/again.h"
#include "results/json_parts.h"
#include "results/results_json.h"

namespace clamproof {
namespace {

constexpr std::size_t shown_output = 4 * 1024;

// What is empty, false or 0 is left out: a page of 5,000 cells is to be mailed.
class PageData {
  public:
    JsonOut cell(const CellResult& cell) {
        JsonOut json = {{"image", texts_.number(cell.image)},
                        {"case", texts_.number(cell.case_id)},
                        {"variant", texts_.number(variant_name(cell.variant))},
                        {"verdict", to_string(cell.verdict)},
                        {"outcome", to_string(cell.outcome)},
                        {"because", texts_.number(cell.because)},
                        {"seconds", json_seconds(cell.seconds)},
                        {"began", json_seconds(cell.began)}};
        if (cell.expected) json["expected"] = to_string(*cell.expected);
        if (cell.silent_misses() > 0) json["misses"] = cell.silent_misses();
        if (cell.alarming_misses() > 0) {
            json["alarms"] = cell.alarming_misses();
            json["alarmed"] = texts_.number(misses_in_short(cell, Misses::Alarming));
        }
        if (cell.silent_misses() > cell.alarming_misses())
            json["explained"] = texts_.number(misses_in_short(cell, Misses::Explained));
        if (cell.worker > 0) json["worker"] = cell.worker;
        if (!cell.known.empty()) json["known"] = texts_.number(cell.known);
        if (!cell.again.empty()) json["again"] = texts_.number(cell.again);
        if (cell.verdict == Verdict::Fixed) json["recipe"] = texts_.number(recipe_command(cell));
        json["arms"] = JsonOut::array();
        for (const auto& one : cell.arms) json["arms"].push_back(arm(one));
        for (std::size_t i = 0; i < cell.reruns.size(); ++i)
            for (const Arm& one : cell.reruns[i].arms)
                json["arms"].push_back(arm(one, fmt::format(" (run {})", i + 2)));
        return json;
    }
    JsonOut texts() { return texts_.take(); }

  private:
    JsonOut arm(const Arm& arm, const std::string& of_run = "") {
        JsonOut json = {{"name", texts_.number(arm.id.text() + of_run)}, {"claim", texts_.number(arm.claim)}};
        if (arm.held)
            json["held"] = true;
        else
            json["seen"] = texts_.number(arm.seen);
        for (const auto& one : arm.steps) json["steps"].push_back(step(one));
        for (const auto& one : arm.denials) json["denials"].push_back(denial(one));
        for (const auto& one : arm.scans) json["scans"].push_back(scan(one));
        if (!arm.notes.empty()) json["notes"] = texts_.numbers(arm.notes);
        if (!arm.changes.empty()) json["changes"] = texts_.numbers(arm.changes);
        return json;
    }

    JsonOut step(const Step& step) {
        JsonOut json = {{"what", texts_.number(step.what)},
                        {"script", texts_.number(step.script)},
                        {"seconds", json_seconds(step.seconds)}};
        if (step.exit != 0) json["exit"] = step.exit;
        if (step.timed_out) json["late"] = true;
        if (!step.out.empty()) json["out"] = texts_.number(step.out.raw(), shown_output);
        if (!step.err.empty()) json["err"] = texts_.number(step.err.raw(), shown_output);
        if (!step.shared.empty()) json["shared"] = texts_.number(step.shared);
        return json;
    }

    JsonOut denial(const Denial& denial) {
        JsonOut json = {{"lsm", texts_.number(denial.lsm)},
                        {"source", texts_.number(denial.source)},
                        {"target", texts_.number(denial.target)},
                        {"class", texts_.number(denial.object)},
                        {"permission", texts_.number(denial.permission)},
                        {"comm", texts_.number(denial.comm)},
                        {"path", texts_.number(denial.path)},
                        {"count", denial.count}};
        if (!denial.ports.empty()) json["port"] = denial.port_text();
        return json;
    }

    JsonOut scan(const Scan& scan) {
        JsonOut json = {{"method", texts_.number(scan.method)},
                        {"file", texts_.number(scan.file)},
                        {"outcome", texts_.number(scan.outcome)}};
        if (scan.infected) json["infected"] = true;
        if (!scan.step.empty()) json["step"] = texts_.number(scan.step);
        if (scan.silent_miss()) json["miss"] = scan.alarming() ? "alarm" : "explained";
        return json;
    }

    Texts texts_;
};

// As the page's script puts a cell's name together.
std::string name_on_page(const CellResult& cell) {
    std::string name = cell.image + " " + cell.case_id;
    if (const std::string variant = variant_name(cell.variant); !variant.empty()) name += " " + variant;
    return json_text(name).get<std::string>();
}

JsonOut matrix_json(const ResultMatrix& matrix) {
    JsonOut fields = JsonOut::array();
    for (const auto& [place, field] : matrix.fields)
        fields.push_back({{"case", json_text(place.first)},
                          {"image", json_text(place.second)},
                          {"outcome", to_string(field.outcome)},
                          {"words", field.words},
                          {"misses", field.silent_misses},
                          {"alarms", field.alarming_misses}});
    return {{"images", json_texts(matrix.images)},
            {"cases", json_texts(matrix.cases)},
            {"fields", std::move(fields)}};
}

JsonOut data_of(const RunResults& run, const std::optional<RunResults>& former) {
    JsonOut data = {{"started", json_text(run.started)},
                    {"seconds", json_seconds(run.seconds)},
                    {"interrupted", run.interrupted},
                    {"closing", closing_line(count(run.results))},
                    {"alarm", headline(run.results, Misses::Alarming)},
                    {"explained", headline(run.results, Misses::Explained)},
                    {"host", json_text(circumstances(run))}};
    data["cases"] = JsonOut::object();
    for (const auto& info : run.cases) data["cases"][json_text(info.id).get<std::string>()] = json_of(info);
    data["matrix"] = matrix_json(matrix_of(run.results));
    PageData page;
    data["cells"] = JsonOut::array();
    for (const std::size_t at : reading_order(run.results))
        data["cells"].push_back(page.cell(run.results[at]));
    for (const auto& cell : run.results)
        if (cell.outcome == Outcome::Skipped) data["cells"].push_back(page.cell(cell));
    data["texts"] = page.texts();
    if (!former) return data;
    JsonOut verdicts = JsonOut::object();
    for (const auto& cell : former->results) verdicts[name_on_page(cell)] = to_string(cell.verdict);
    data["former"] = {{"started", json_text(former->started)}, {"verdicts", std::move(verdicts)}};
    return data;
}

}  // namespace

std::string html(const RunResults& run, const std::optional<RunResults>& former) {
    return page_with_data(report_page,
                          data_of(run, former).dump(-1, ' ', false, JsonOut::error_handler_t::replace));
}

}  // namespace clamproof
