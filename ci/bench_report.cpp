#include "bench_report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "support/error.h"

namespace clamproof {
namespace {

using Json = nlohmann::ordered_json;

struct Row {
    std::string part, who, unit, what;
    std::vector<double> samples;
    std::vector<std::string> argv;  // each once
    std::string why;
};

// What is asked for: of a row alone, or of ours held against a row.
struct Wanted {
    enum class Kind { AtMost, AtLeast, OursAtMost, OursFaster };
    std::string_view part, who;
    Kind kind;
    double figure;
};

constexpr Wanted wanted_figures[] = {
    {"reset", "autopkgtest", Wanted::Kind::OursFaster, 50},
    {"reset", "bare", Wanted::Kind::OursAtMost, 1.15},
    {"boot", "ours", Wanted::Kind::AtMost, 12},
    {"boot", "bare", Wanted::Kind::OursAtMost, 1.05},
    {"round-trip", "ours", Wanted::Kind::AtMost, 0.010},
    {"round-trip", "master", Wanted::Kind::OursFaster, 10},
    {"image-build", "mmdebstrap", Wanted::Kind::OursAtMost, 1.15},
    {"first-verdict", "bare", Wanted::Kind::OursAtMost, 1.3},
    {"suite", "ours", Wanted::Kind::AtMost, 240},
    {"suite", "guests", Wanted::Kind::AtLeast, 0.8},
    {"suite", "jobs-1", Wanted::Kind::OursFaster, 1.7},
    {"harness", "ours", Wanted::Kind::AtMost, 2},
    {"harness", "memory", Wanted::Kind::AtMost, 100},
};

double median(std::vector<double> samples) {
    std::sort(samples.begin(), samples.end());
    const std::size_t middle = samples.size() / 2;
    return samples.size() % 2 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

std::string shown(double value, const std::string& unit) {
    if (unit == "ms") return fmt::format("{:.2f} ms", value * 1000);
    if (unit == "share") return fmt::format("{:.0f} %", value * 100);
    return fmt::format("{:.{}f} {}", value, value < 100 ? 2 : 0, unit);
}

struct Record {
    std::map<std::string, std::string> facts;
    std::vector<Row> rows;

    Row& row(const std::string& part, const std::string& who) {
        const auto found = std::find_if(rows.begin(), rows.end(),
                                        [&](const Row& row) { return row.part == part && row.who == who; });
        if (found == rows.end()) throw InfraError(fmt::format("the record has no row {} {}", part, who));
        return *found;
    }

    const Row* ours(const std::string& part) const {
        const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
            return row.part == part && row.who == "ours" && !row.samples.empty();
        });
        return found == rows.end() ? nullptr : &*found;
    }
};

// At most `count` fields; the last takes the rest of the line.
std::vector<std::string> fields(const std::string& line, std::size_t count) {
    std::vector<std::string> found;
    std::istringstream in(line);
    std::string field;
    while (found.size() + 1 < count && std::getline(in, field, '\t')) found.push_back(field);
    if (std::getline(in, field)) found.push_back(field);
    found.resize(count);
    return found;
}

void take(Record& record, const std::string& line) {
    const std::string word = line.substr(0, line.find('\t'));
    if (word == "fact") {
        const auto f = fields(line, 3);
        record.facts[f[1]] = f[2];
        return;
    }
    if (word == "what") {
        const auto f = fields(line, 5);
        record.rows.push_back(
            {.part = f[1], .who = f[2], .unit = f[3], .what = f[4], .samples = {}, .argv = {}, .why = ""});
        return;
    }
    const auto f = fields(line, 4);
    Row& row = record.row(f[1], f[2]);
    if (word == "sample") {
        row.samples.push_back(std::stod(f[3]));
    } else if (word == "argv") {
        if (std::find(row.argv.begin(), row.argv.end(), f[3]) == row.argv.end()) row.argv.push_back(f[3]);
    } else if (word == "why") {
        row.why += (row.why.empty() ? "" : "\n") + f[3];
    } else {
        throw InfraError("the record has a line that is none: " + line);
    }
}

struct Comparison {
    std::string result, wanted;
    std::optional<double> ours_over_it;
    std::optional<bool> met;
};

const Wanted* wanted_of(const Row& row) {
    const auto* found = std::find_if(std::begin(wanted_figures), std::end(wanted_figures),
                                     [&](const Wanted& w) { return w.part == row.part && w.who == row.who; });
    return found == std::end(wanted_figures) ? nullptr : found;
}

Comparison compare(const Record& record, const Row& row) {
    Comparison comparison;
    if (row.samples.empty()) return comparison;
    const double value = median(row.samples);
    const Wanted* wanted = wanted_of(row);
    const bool limit =
        wanted && (wanted->kind == Wanted::Kind::AtMost || wanted->kind == Wanted::Kind::AtLeast);
    if (limit) {
        const bool most = wanted->kind == Wanted::Kind::AtMost;
        comparison.wanted = fmt::format("{} {}", most ? "≤" : "≥", shown(wanted->figure, row.unit));
        comparison.met = most ? value <= wanted->figure : value >= wanted->figure;
        return comparison;
    }
    const Row* ours = record.ours(row.part);
    if (!ours || ours == &row || ours->unit != row.unit) return comparison;
    const double ratio = median(ours->samples) / value;
    comparison.ours_over_it = ratio;
    if (wanted && wanted->kind == Wanted::Kind::OursAtMost) {
        comparison.result = fmt::format("{:.2f} × its time", ratio);
        comparison.wanted = fmt::format("≤ {} ×", wanted->figure);
        comparison.met = ratio <= wanted->figure;
        return comparison;
    }
    comparison.result = fmt::format("{:.{}f} × as fast", 1 / ratio, ratio < 0.1 ? 0 : 2);
    if (!wanted) return comparison;
    comparison.wanted = fmt::format("≥ {} ×", wanted->figure);
    comparison.met = 1 / ratio >= wanted->figure;
    return comparison;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

// Two hundred round trips a repeat are not listed one by one.
constexpr std::size_t most_listed = 50;

Json row_json(const Row& row, const Comparison& comparison) {
    Json json = {{"part", row.part},
                 {"who", row.who},
                 {"what", row.what},
                 {"unit", row.unit == "ms" ? "s" : row.unit}};
    if (!row.samples.empty()) {
        const auto [least, most] = std::minmax_element(row.samples.begin(), row.samples.end());
        json["median"] = median(row.samples);
        json["min"] = *least;
        json["max"] = *most;
        json["count"] = row.samples.size();
        if (row.samples.size() <= most_listed) json["samples"] = row.samples;
    }
    if (comparison.ours_over_it) json["ours_over_it"] = *comparison.ours_over_it;
    if (comparison.met) {
        json["wanted"] = comparison.wanted;
        json["met"] = *comparison.met;
    }
    if (!row.argv.empty()) json["argv"] = row.argv;
    if (!row.why.empty()) json["why"] = row.why;
    return json;
}

// fmt pads by characters where the text is UTF-8.
void print_row(const std::string& part, const std::string& what, const std::string& median,
               const std::string& spread, const std::string& result, const std::string& wanted,
               const std::string& met) {
    const std::string line = fmt::format("{:<12} {:<54} {:>10}  {:<17} {:<16} {:<10} {}", part, what, median,
                                         spread, result, wanted, met);
    fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
}

void print_row(const Record& record, const Row& row) {
    const Comparison comparison = compare(record, row);
    if (row.samples.empty()) {
        fmt::print("{:<12} {:<54} not measured: {}\n", row.part, row.what, first_line(row.why));
        return;
    }
    const auto [least, most] = std::minmax_element(row.samples.begin(), row.samples.end());
    const std::string spread = row.samples.size() == 1
                                   ? ""
                                   : fmt::format("{} … {}", shown(*least, row.unit), shown(*most, row.unit));
    const std::string met = !comparison.met ? "" : *comparison.met ? "met" : "MISSED";
    print_row(row.part, row.what, shown(median(row.samples), row.unit), spread, comparison.result,
              comparison.wanted, met + (row.why.empty() ? "" : " (an attempt failed)"));
}

}  // namespace

void report(const fs::path& record_file, const fs::path& json_file) {
    Record record;
    std::istringstream lines(read_file(record_file));
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) take(record, line);
    Json rows = Json::array();
    print_row("PART", "WHAT", "MEDIAN", "MIN … MAX", "OURS", "WANTED", "");
    for (const Row& row : record.rows) {
        print_row(record, row);
        rows.push_back(row_json(row, compare(record, row)));
    }
    const Json json = {{"date", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))},
                       {"facts", record.facts},
                       {"rows", rows}};
    write_file(json_file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace clamproof
