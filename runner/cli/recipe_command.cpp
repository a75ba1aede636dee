#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <thread>

#include "casefile/case.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/selection.h"
#include "guest/run_folder.h"
#include "image/snapshots.h"
#include "proof/cell.h"
#include "recipe/recipe.h"
#include "reports/bug_report.h"
#include "results/exit_code.h"
#include "support/error.h"
#include "support/files.h"
#include "support/json_reader.h"
#include "support/text.h"

namespace clamproof {
namespace {

ReportForm form_of(const std::string& name) {
    const auto* const found = std::find(std::begin(report_forms), std::end(report_forms), name);
    return static_cast<ReportForm>(found - std::begin(report_forms));
}

// What a bisection says of the case.
std::string since(const std::string& out, const std::string& case_id) {
    if (out.empty()) return "";
    const auto file = std::filesystem::path(out) / "bisect.json";
    const Json bisection = read_json_file(file);
    ObjectReader reader(bisection);
    if (const std::string other = reader.string("case"); other != case_id)
        throw InputError(
            fmt::format("{} is of the case {}, not of {}", file.string(), terminal_text(other), case_id));
    return reader.string("conclusion");
}

// @throws InputError where there is no failure that a recipe could show.
void assert_fails(const Cell& cell) {
    const auto name = one_line(fmt::format("{} on {}", cell.subject.id, cell.image.name));
    if (const auto why = why_skipped(cell.subject, cell.facts, cell.variant))
        throw InputError(fmt::format("{} is skipped: {}", name, *why));
    const Expectation* expectation = expected(cell.subject, cell.facts, cell.variant);
    if (!expectation) throw InputError(fmt::format("the case expects nothing of {}: run it first", name));
    if (expectation->verdict == Verdict::Fixed) return;
    throw InputError(fmt::format("{} is expected to be {}{}: there is no failure to write a recipe of", name,
                                 to_string(expectation->verdict),
                                 expectation->because.empty() ? "" : ", because " + expectation->because));
}

// "clamav-daemon", by the guest's own package database; empty where it cannot tell.
std::string package_of_clamd(Guest& guest, const RecipeWords& words) {
    const ScriptResult told =
        guest.run({.text = words.packages + "\nowner \"$(command -v clamd)\"\n", .deadline = 30});
    return told.exit == 0 ? one_line(told.out, 100) : "";
}

// The kernel counts where it is the guest's own.
std::vector<std::pair<std::string, std::string>> versions_of(const BuiltImage& image) {
    std::vector<std::string> facts = {"distro", "release", "init", "lsm", "selinux_policy"};
    if (!image.definition.kernel_image.empty()) facts.emplace_back("kernel");
    std::vector<std::pair<std::string, std::string>> versions;
    for (const auto& fact : facts)
        if (const auto found = image.facts.find(fact); found != image.facts.end() && found->second != "none")
            versions.emplace_back(fact, found->second);
    for (const auto& name : image.definition.packages)
        if (const auto found = image.packages.find(name); found != image.packages.end())
            versions.emplace_back(name, found->second);
    return versions;
}

int recipe(const Settings& settings, const RecipeOptions& options) {
    const auto names = select_images(settings, {options.image});
    if (names.size() != 1)
        throw InputError(fmt::format("\"{}\" matches {} images; name one", options.image, names.size()));
    const std::vector<Fact> told = load_facts(settings.images);
    const auto cases = select_cases(load_cases(settings.cases, told), {options.case_id});
    if (cases.size() != 1)
        throw InputError(fmt::format("\"{}\" matches {} cases; name one", options.case_id, cases.size()));
    const auto variants = expand(cases[0].matrix, read_variant_filter(options.variants, cases));
    if (variants.size() != 1)
        throw InputError(fmt::format("{} has {} variants like that; pick one by --variant K=V", cases[0].id,
                                     variants.size()));
    const std::string known_since = since(options.bisection, cases[0].id);
    ImageDefinition definition = load_image(settings.images, names[0]);
    definition.asked = facts_brought_by(settings.cases, told);
    const RecipeWords words = {.plain = plain_words_of(settings.cases, cases[0]),
                               .packages = read_file(package_manager_script(definition, "plain.sh"))};

    RunFolder folder;
    const std::jthread watch = end_guests_when(interrupted, folder);
    Snapshots snapshots(folder, {.accelerator = settings.accelerator,
                                 .connect = settings.connect,
                                 .cancelled = interrupted,
                                 .say = say});
    const std::vector<Layer> layers = {{.packages = read_packages(options.install)}};
    const auto image = snapshots.open(definition, layers);
    const Cell cell{.subject = cases[0],
                    .image = image->definition(),
                    .facts = image->built().facts,
                    .variant = variants[0],
                    .library = library_of(settings.cases, cases[0])};
    assert_fails(cell);

    Recipe made = make_recipe(cell, words);
    const auto guest = image->open();
    const auto wrong = prove(made, cell, *guest);
    if (!wrong.empty()) {
        say(fmt::format("the recipe of {} was run on {}, and does not show what the case does:\n  {}",
                        cell.id().text(), definition.title, fmt::join(wrong, "\n  ")));
        return Exit::Mismatch;
    }
    const auto& packages = image->built().packages;
    const std::string package = package_of_clamd(*guest, words);
    const auto version = packages.find(package);
    if (form_of(options.form) == ReportForm::Debian && version == packages.end())
        throw InputError(
            fmt::format("{} cannot tell which package its clamd is of, which the BTS asks for: choose "
                        "another --format",
                        definition.name));
    const auto fact = cell.facts.find("clamd");
    const BugReport report{
        .subject = cell.subject,
        .recipe = made,
        .proved = fmt::format(
            "Proved on {} (clamproof's image {}), clamd {}, on {:%Y-%m-%d}: this very script was run, "
            "failed like this, and was cured like this.",
            definition.title, definition.name, fact == cell.facts.end() ? "unknown" : fact->second,
            fmt::gmtime(std::time(nullptr))),
        .package = package,
        .version = version == packages.end() ? "" : version->second,
        .about = versions_of(image->built()),
        .since = known_since};
    fmt::print("{}", bug_report(report, form_of(options.form)));
    return Exit::AsExpected;
}

}  // namespace

int recipe_command(const Settings& settings, const RecipeOptions& options) {
    return unless_interrupted([&] {
        for (const auto& words : reap_dead_runs()) say(words);
        return recipe(settings, options);
    });
}

}  // namespace clamproof
