#include "reports/log_files.h"

#include <fmt/format.h>

#include <map>

#include "reports/layout.h"
#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

/// A file name made of the text: some archives refuse ':' and its like, and a name must not lead elsewhere.
std::string file_name(std::string_view text) {
    constexpr std::size_t longest = 120;
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,=._-";
    std::string name(text.substr(0, longest));
    for (char& c : name) {
        if (plain.find(c) == plain.npos) c = '-';
    }
    if (name.empty() || name[0] == '.') name.insert(0, "_");
    return name;
}

void append_step(std::string& log, const Step& step) {
    log += fmt::format("\n== {} ({}): {}, {}\n", one_line(step.what), one_line(step.script), step_end(step),
                       duration(step.seconds));
    log += indented_output("stdout", step.out, step_output_limit);
    log += indented_output("stderr", step.err, step_output_limit);
}

template <typename Items, typename Line>
void append_section(std::string& log, std::string_view title, const Items& items, Line line) {
    if (items.empty()) return;
    log += fmt::format("\n== {}\n", title);
    for (const auto& item : items) log += fmt::format("  {}\n", line(item));
}

std::string scan_line(const Scan& scan) {
    return fmt::format("{} by {}, {}: {}{}", one_line(scan.file), one_line(scan.method),
                       scan.infected ? "infected" : "not infected", one_line(scan.outcome),
                       scan.silent_miss() ? "  << SILENT MISS" : "");
}

}  // namespace

std::string log_folder(const CellId& cell) {
    std::string folder = fmt::format("logs/{}/{}", file_name(cell.image), file_name(cell.case_id));
    if (!cell.variant.empty()) folder += "/" + file_name(variant_name(cell.variant));
    return folder;
}

std::vector<std::string> log_folders(const std::vector<CellResult>& cells) {
    std::vector<std::string> folders;
    folders.reserve(cells.size());
    std::map<std::string, int> seen;
    for (const CellResult& cell : cells) {
        const std::string folder = log_folder(cell.id());
        const int times = ++seen[folder];
        folders.push_back(times == 1 ? folder : fmt::format("{}.{}", folder, times));
    }
    return folders;
}

std::string log_file_name(const Arm& arm) {
    return file_name(arm.id.text()) + ".log";
}

std::string step_end(const Step& step) {
    return step.timed_out ? fmt::format("timed out (exit {})", step.exit) : fmt::format("exit {}", step.exit);
}

std::string indented_output(std::string_view name, const GuestText& output, std::size_t limit) {
    if (output.empty()) return "";
    std::string text = fmt::format("  {}:\n", name);
    const std::string held = shortened(output.raw(), limit);
    std::string_view rest = held;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        text += fmt::format("    {}\n", terminal_text(line));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
    return text;
}

std::string denial_line(const Denial& denial) {
    std::string line = one_line(denial.lsm);
    for (const std::string& part : {denial.source, denial.target, denial.object, denial.permission}) {
        if (!part.empty()) line += " " + one_line(part);
    }
    line += ", comm " + one_line(denial.comm);
    if (!denial.path.empty()) line += ", path " + one_line(denial.path);
    if (!denial.ports.empty()) line += ", port " + denial.port_text();
    return line + ", " + counted(static_cast<std::size_t>(std::max(denial.count, 0)), "time");
}

std::string arm_log(const CellResult& cell, const Arm& arm) {
    std::string log;
    log += fmt::format("cell     {}\n", cell_name(cell));
    log += fmt::format("arm      {}, {}\n", one_line(arm.id.text()), duration(arm.seconds));
    log += fmt::format("claim    {}\n", one_line(arm.claim));
    log += fmt::format("result   {}\n", arm.held ? "held" : "did not hold: " + one_line(arm.seen));
    log += fmt::format("again    {}\n", one_line(cell.again));
    for (const Step& step : arm.steps) append_step(log, step);
    append_section(log, "denials", arm.denials, denial_line);
    append_section(log, "scans", arm.scans, scan_line);
    const auto text = [](const std::string& item) { return one_line(item); };
    append_section(log, "notes", arm.notes, text);
    append_section(log, "changes on the guest", arm.changes, text);
    append_section(log, "files kept", arm.artifacts, text);
    return log;
}

}  // namespace clamproof
