#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include "reports/layout.h"
#include "reports/log_files.h"
#include "reports/reports.h"
#include "reports/sections.h"
#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::size_t output_limit = 4 * 1024;  // CI services show a failure's text in a small box
constexpr std::size_t message_limit = 500;
constexpr std::size_t listed_misses = 100;

void set(pugi::xml_node node, const char* name, std::string_view value) {
    node.append_attribute(name).set_value(document_text(shortened(value, output_limit)).c_str());
}

void set_text(pugi::xml_node node, std::string_view text) {
    node.append_child(pugi::node_pcdata).set_value(document_text(text).c_str());
}

void add_property(pugi::xml_node properties, const std::string& name, std::string_view value) {
    pugi::xml_node property = properties.append_child("property");
    set(property, "name", name);
    set(property, "value", value);
}

std::string seconds_text(double seconds) {
    return fmt::format("{:.3f}", seconds);
}

void set_counts(pugi::xml_node node, const Counts& counts, double seconds) {
    set(node, "tests", std::to_string(counts.all()));
    set(node, "failures", std::to_string(counts.mismatches + counts.flaky));
    set(node, "errors", std::to_string(counts.infra_errors));
    set(node, "time", seconds_text(seconds));
}

void add_host(pugi::xml_node properties, const HostInfo& host) {
    add_property(properties, "accelerator", host.accelerator);
    if (!host.why.empty()) add_property(properties, "accelerator.why", host.why);
    add_property(properties, "deadline.scale", fmt::format("{:.3g}", host.scale));
    add_property(properties, "qemu", host.qemu);
    add_property(properties, "libvirt", host.libvirt);
    if (!host.containers.empty()) add_property(properties, "containers", host.containers);
    add_property(properties, "cpu", host.cpu);
}

void add_image(pugi::xml_node properties, const ImageInfo& image) {
    add_property(properties, "image.digest", image.digest);
    for (const auto& [name, value] : image.facts) add_property(properties, "fact." + name, value);
    for (const auto& [file, digest] : image.installed) add_property(properties, "installed." + file, digest);
}

/// The last thing that ran in an arm is what its claim was judged by.
std::string last_output(const CellResult& cell, const std::string& arm_name) {
    for (const Arm& arm : cell.arms) {
        if (arm.id.text() != arm_name || arm.steps.empty()) continue;
        const Step& step = arm.steps.back();
        std::string text =
            fmt::format("{} ({}): {}\n", one_line(step.what), one_line(step.script), step_end(step));
        text += indented_output("stdout", step.out, output_limit);
        text += indented_output("stderr", step.err, output_limit);
        return text;
    }
    return "";
}

std::string details(const CellResult& cell, const std::string& logs) {
    std::string text;
    for (const Finding& finding : findings(cell)) {
        if (!finding.arm.empty()) text += fmt::format("arm: {}\n", one_line(finding.arm));
        text += fmt::format("claimed: {}\nseen: {}\nlook: {}\n", one_line(finding.claimed, output_limit),
                            one_line(finding.seen, output_limit), one_line(finding.shell, output_limit));
        const std::string output = last_output(cell, finding.arm);
        if (!output.empty()) text += output;
        text += "\n";
    }
    if (!cell.arms.empty()) text += fmt::format("logs: {}/\n", logs);
    if (!cell.again.empty()) text += fmt::format("again: {}\n", one_line(cell.again, output_limit));
    return text;
}

void add_trouble(pugi::xml_node testcase, const CellResult& cell, const std::string& logs) {
    if (cell.outcome == Outcome::Pass) return;
    if (cell.outcome == Outcome::Skipped || cell.outcome == Outcome::Known) {
        set_text(testcase.append_child("skipped"), one_line(reason(cell), message_limit));
        return;
    }
    const bool infra = cell.outcome == Outcome::Infra;
    pugi::xml_node node = testcase.append_child(infra ? "error" : "failure");
    std::string message = verdict_and_expected(cell);
    if (const std::string why = reason(cell); !why.empty()) message += ": " + why;
    set(node, "message", message);
    set(node, "type", to_string(cell.verdict));
    set_text(node, details(cell, logs));
}

void add_cell(pugi::xml_node suite, const CellResult& cell, const std::string& logs) {
    pugi::xml_node testcase = suite.append_child("testcase");
    set(testcase, "classname", cell.image + "." + cell.case_id);
    set(testcase, "name", cell.variant.empty() ? cell.case_id : variant_name(cell.variant));
    set(testcase, "time", seconds_text(cell.seconds));
    const std::vector<std::string> misses = silent_misses(cell, listed_misses);
    add_trouble(testcase, cell, logs);
    if (misses.empty()) return;
    std::string output = "SILENT MISS: infected files were reported clean\n";
    for (const std::string& miss : misses) output += one_line(miss, message_limit) + "\n";
    set_text(testcase.append_child("system-out"), output);
}

struct Suite {
    std::vector<std::size_t> cells;
    double seconds = 0;
};

/// Which cells belong to which image, images in the order of their first cell.
std::vector<std::pair<std::string, Suite>> suites_of(const std::vector<CellResult>& cells) {
    std::vector<std::pair<std::string, Suite>> suites;
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto [at, is_new] = known.try_emplace(cells[i].image, suites.size());
        if (is_new) suites.emplace_back(cells[i].image, Suite{});
        suites[at->second].second.cells.push_back(i);
        suites[at->second].second.seconds += cells[i].seconds;
    }
    return suites;
}

}  // namespace

std::string junit(const RunResults& run) {
    const std::vector<std::string> folders = log_folders(run.results);
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    set(declaration, "version", "1.0");
    set(declaration, "encoding", "UTF-8");
    pugi::xml_node root = document.append_child("testsuites");
    set(root, "name", "clamproof");
    set_counts(root, count(run.results), run.seconds);
    for (const auto& [image, suite] : suites_of(run.results)) {
        pugi::xml_node node = root.append_child("testsuite");
        set(node, "name", image);
        Counts counts;
        for (const std::size_t i : suite.cells) counts.add(run.results[i]);
        set_counts(node, counts, suite.seconds);
        set(node, "skipped", std::to_string(counts.skipped + counts.known));
        set(node, "timestamp", run.started);
        pugi::xml_node properties = node.append_child("properties");
        add_host(properties, run.host);
        for (const ImageInfo& info : run.images) {
            if (info.name == image) add_image(properties, info);
        }
        for (const std::size_t i : suite.cells) add_cell(node, run.results[i], folders[i]);
    }
    std::ostringstream text;
    document.save(text, "  ");
    return text.str();
}

}  // namespace clamproof
