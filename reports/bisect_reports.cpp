#include "reports/bisect_reports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "image/layer.h"
#include "reports/layout.h"
#include "reports/markdown.h"
#include "reports/reports.h"
#include "reports/summary.h"
#include "results/again.h"
#include "results/results_json.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::string command_for(const BisectReport& report, std::size_t candidate) {
    const Candidate& one = report.candidates[candidate];
    return blank_result({.image = one.image, .case_id = report.case_id, .variant = report.variant},
                        one.files(), report.called)
        .again;
}

constexpr std::size_t listed_lines = 25;

std::string why_undecided(const BisectReport& report, std::size_t candidate) {
    const BisectRun* run = report.bisection.run_of(candidate);
    return run ? fmt::format("{}: {}", to_string(run->cell.verdict), one_line(reason(run->cell)))
               : std::string("not run");
}

std::string neighbour(const BisectReport& report, std::string_view what, std::size_t candidate,
                      const std::string& name) {
    const BisectRun* run = report.bisection.run_of(candidate);
    if (!run) return "";
    std::string line = fmt::format("  {:<10} {}: {}", what, one_line(name), to_string(run->cell.verdict));
    if (const auto why = reason(run->cell); !why.empty()) line += "; " + one_line(why);
    if (const int misses = run->cell.silent_misses(); misses > 0)
        line += fmt::format("; SILENT MISS: infected files reported clean, {} times", misses);
    return line +
           fmt::format("\n{:13}to see for yourself: {}\n", "", terminal_text(command_for(report, candidate)));
}

std::string listing(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return "";
    std::string text = fmt::format("{}:\n", title);
    for (std::size_t i = 0; i < std::min(lines.size(), listed_lines); ++i)
        text += "  " + one_line(lines[i]) + "\n";
    if (lines.size() > listed_lines) text += fmt::format("  … and {} more\n", lines.size() - listed_lines);
    return text;
}

// "13 runs, 5 of them known from before; found after 8, the others to be sure".
std::string effort(const BisectReport& report) {
    const Bisection& bisection = report.bisection;
    std::string text = fmt::format("{}, {}", counted(report.candidates.size(), "candidate"),
                                   counted(bisection.runs.size(), "run"));
    if (bisection.cached() > 0) text += fmt::format(", {} of them known from before", bisection.cached());
    if (report.found())
        text += fmt::format("; found after {}, the others to be sure", bisection.runs_until_found);
    if (!bisection.left_out.empty())
        text += fmt::format("; {} could not be decided", counted(bisection.left_out.size(), "candidate"));
    return text + fmt::format("; {}", duration(report.seconds));
}

constexpr std::size_t shown_lines = 200;

std::string words_of(const BisectRun* run) {
    if (!run) return "not run";
    const std::string why = reason(run->cell);
    return fmt::format("**{}**{}{}", to_string(run->cell.verdict), why.empty() ? "" : ": ",
                       markdown_plain(why));
}

std::string words_of(const BisectRun* run, const std::string& arm) {
    if (!run) return "";
    for (const Arm& one : run->cell.arms)
        if (one.id.text() == arm) return one.held ? "held" : markdown_plain(one.seen);
    return "";
}

// Arms of either, in the order in which they ran.
std::vector<std::string> arms_of(std::initializer_list<const BisectRun*> runs) {
    std::vector<std::string> names;
    for (const BisectRun* run : runs)
        if (run)
            for (const Arm& arm : run->cell.arms)
                if (std::find(names.begin(), names.end(), arm.id.text()) == names.end())
                    names.push_back(arm.id.text());
    return names;
}

std::string denials_of(const BisectRun* run) {
    if (!run) return "";
    std::size_t denials = 0;
    for (const Arm& arm : run->cell.arms) denials += arm.denials.size();
    return std::to_string(denials);
}

std::string side_by_side(const BisectReport& report) {
    const SearchResult& result = report.bisection.result;
    const BisectRun* good = report.bisection.run_of(result.last_good);
    const BisectRun* bad = report.bisection.run_of(result.first_bad);
    const auto row = [](const std::string& what, const std::string& one, const std::string& other) {
        return fmt::format("| {} | {} | {} |\n", what, one, other);
    };
    std::string text = row("", "last good: " + markdown_plain(report.last_good().last_name()),
                           "first bad: " + markdown_plain(report.first_bad().name)) +
                       "| --- | --- | --- |\n" + row("verdict", words_of(good), words_of(bad));
    for (const auto& arm : arms_of({good, bad}))
        text += row(markdown_plain(arm), words_of(good, arm), words_of(bad, arm));
    text += row("denials", denials_of(good), denials_of(bad));
    text += row("silent misses", std::to_string(good ? good->cell.silent_misses() : 0),
                std::to_string(bad ? bad->cell.silent_misses() : 0));
    return text +
           fmt::format(
               "\nEvidence: `last-good/report.html`, `first-bad/report.html`. To see for yourself:\n\n{}\n",
               markdown_block(command_for(report, result.last_good) + "\n" +
                              command_for(report, result.first_bad)));
}

std::string section(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return "";
    const std::size_t shown = std::min(lines.size(), shown_lines);
    std::string text =
        fmt::format("{}", fmt::join(lines.begin(), lines.begin() + static_cast<long>(shown), "\n"));
    if (lines.size() > shown) text += fmt::format("\n… and {} more", lines.size() - shown);
    return fmt::format("### {}\n\n{}\n", title, markdown_block(text));
}

std::string runs_of(const BisectReport& report) {
    std::string text = "### Runs\n\n| candidate | verdict | | seconds |\n| --- | --- | --- | --- |\n";
    for (const BisectRun& run : report.bisection.runs)
        text += fmt::format("| {} | {} | {} | {} |\n", markdown_plain(report.candidates[run.candidate].name),
                            to_string(run.cell.verdict),
                            run.side == Side::Good  ? "good"
                            : run.side == Side::Bad ? "bad"
                                                    : "cannot be told",
                            run.cached ? "known from before" : fmt::format("{:.1f}", run.cell.seconds));
    return text;
}

// As if the candidate had been run alone.
void write_neighbour(const BisectReport& report, const BisectPlan& plan, const Settings& settings,
                     std::size_t number, const fs::path& out) {
    const BisectRun* last = report.bisection.run_of(number);
    if (!last) return;
    const Candidate& candidate = plan.candidates[number];
    const PackageSet packages = read_packages(candidate.files());
    const ImageReady& image = plan.images.at(candidate.image).ready;
    RunResults run;
    run.started = report.started;
    run.seconds = last->cell.seconds;
    run.host = image.host;
    run.images = {image.image};
    run.images.front().installed = packages.digests;
    // What a question installs is not kept, so no layer tells these.
    for (const auto& package : candidate.packages)
        if (!package.version.empty()) run.images.front().packages[package.name] = package.version;
    run.cases = {case_info(plan.subject)};
    run.results = {last->cell};
    for (Arm& arm : run.results.front().arms)
        for (auto& file : arm.artifacts) file = fs::proximate(settings.out / file, out).string();
    write_reports(run, out.string());
}

}  // namespace

std::vector<std::string> undecided(const BisectReport& report) {
    std::vector<std::string> lines;
    if (!report.found() || !report.bisection.result.settled) return lines;
    for (auto i = report.bisection.result.last_good + 1; i < report.bisection.result.first_bad; ++i)
        lines.push_back(fmt::format("{}: {}", report.candidates[i].name, why_undecided(report, i)));
    return lines;
}

std::string bisect_summary(const BisectReport& report) {
    std::string text = conclusion(report) + "\n";
    if (report.found()) {
        const SearchResult& result = report.bisection.result;
        text += neighbour(report, "last good", result.last_good, report.last_good().last_name());
        text += neighbour(report, "first bad", result.first_bad, report.first_bad().name);
        text += listing("cannot be told", undecided(report));
        text += listing("packages", report.differences.packages);
        text += listing("in the packages", report.differences.contents);
        text += listing("on the guest", report.differences.guest);
        text += listing("in the policy", report.differences.policy);
    }
    return text + effort(report) + "\n";
}

std::string markdown(const BisectReport& report) {
    std::string text =
        fmt::format("## clamproof bisect {} {}\n\n**{}**\n\n{}\n\n", markdown_plain(report.case_id),
                    markdown_plain(variant_name(report.variant)), markdown_plain(conclusion(report)),
                    markdown_plain(effort(report)));
    if (report.found()) {
        text += side_by_side(report);
        text += section("Cannot be told", undecided(report));
        text += section("Packages", report.differences.packages);
        text += section("In the packages", report.differences.contents);
        text += section("On the guest", report.differences.guest);
        text += section("In the policy", report.differences.policy);
    }
    return text + runs_of(report);
}

void write_bisect(const BisectReport& report, const BisectPlan& plan, const Settings& settings) {
    make_folder(settings.out);
    write_file(settings.out / "bisect.json", to_json(report));
    write_file(settings.out / "bisect.md", markdown(report));
    if (!report.found()) return;
    write_neighbour(report, plan, settings, report.bisection.result.last_good, settings.out / "last-good");
    write_neighbour(report, plan, settings, report.bisection.result.first_bad, settings.out / "first-bad");
}

}  // namespace clamproof
