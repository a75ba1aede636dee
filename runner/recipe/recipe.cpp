#include "recipe/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "proof/denials.h"
#include "recipe/script_writer.h"
#include "recipe/shell_answers.h"
#include "support/error.h"
#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

using Purpose = RecipeStep::Purpose;

constexpr std::string_view status_mark = "exit status: ";
constexpr std::size_t shown_lines = 12;
constexpr std::size_t shown_columns = 160;
constexpr double time_for_installing = 120;

std::map<std::string, std::string> known_of(const Cell& cell) {
    std::map<std::string, std::string> known;
    for (const auto& [name, value] : cell.image.clamd) known[variable_name("CLAMD", name)] = value;
    for (const auto& [name, value] : cell.facts) known[variable_name("FACT", name)] = value;
    for (const auto& [name, value] : cell.variant) known[variable_name("VARIANT", name)] = value;
    return known;
}

// Makes the steps of one cell.
class Maker {
  public:
    Maker(const Cell& cell, const RecipeWords& words) : cell_(cell), writer_(known_of(cell)) {
        writer_.add_library(cell.library, "lib.sh");
        writer_.add_library(words.plain, "plain.sh");
        writer_.add_library(words.packages, "plain.sh of the package manager");
    }

    Recipe make() {
        const Case& subject = cell_.subject;
        const auto fixes = fixes_for(subject, cell_.facts, cell_.variant);
        if (fixes.empty())
            throw InputError(subject.id + " has no fix for this guest: there is nothing to show");
        recipe_.fix = fixes.front();
        const bool audited = cell_.image.lsm != "none" && names_denials();

        std::string packages;
        for (const auto& name : cell_.image.packages) packages += " " + shell_word(name);
        add(Purpose::Machine, "A machine for it", text("install" + packages + "\nbare_clamd\n", "packages"));
        if (subject.setup) add(Purpose::SetUp, "Set-up", of_file(*subject.setup));
        add(Purpose::Before, "Before: this works",
            function("probe", subject.probe, "    set -e\n") + call_of_probe());
        add(Purpose::Fault, "The fault",
            (audited ? text("denials_begin\n", "denials_begin") : "") + of_file(subject.trigger));
        add(Purpose::Failure, "What happens", call_of_probe());
        if (audited) add(Purpose::Denials, "What was refused", text("denials\n", "denials"));
        for (const auto& evidence : subject.evidence)
            if (evidence.kind == Evidence::Kind::Shows && evidence.when.holds(cell_.facts, cell_.variant))
                add(Purpose::Evidence, "A closer look", of_file(evidence.script), &evidence);
        if (subject.restart)
            add(Purpose::Control, "A restart does not help",
                function("restart", *subject.restart) + "restart >/dev/null 2>&1\n" + call_of_probe());
        std::string fix = of_file(recipe_.fix->apply);
        if (recipe_.fix->takes_effect == TakesEffect::AfterRestart && subject.restart) fix += "restart\n";
        add(Purpose::Fix, "The fix: " + one_line(recipe_.fix->documented, shown_columns), std::move(fix));
        add(Purpose::After, "After: it works again", call_of_probe());
        return std::move(recipe_);
    }

  private:
    bool names_denials() const {
        return std::any_of(
            cell_.subject.evidence.begin(), cell_.subject.evidence.end(), [&](const Evidence& one) {
                return one.kind != Evidence::Kind::Shows && one.when.holds(cell_.facts, cell_.variant);
            });
    }

    void add(Purpose purpose, std::string heading, std::string commands, const Evidence* evidence = nullptr) {
        heading = fmt::format("{}. {}", recipe_.steps.size() + 1, heading);
        recipe_.steps.push_back({.purpose = purpose,
                                 .heading = std::move(heading),
                                 .commands = std::move(commands),
                                 .evidence = evidence});
    }

    // In the case each script is a shell of its own: what ends or changes that must not do so to the
    // recipe's.
    std::string text(const std::string& script, const std::string& name) const {
        Commands commands = writer_.write_out(script, name);
        if (!names(commands, {"exit", "umask", "cd", "set", "trap", "exec", "."}))
            return print_shell(commands);
        Command own{.kind = Command::Kind::Subshell};
        own.parts = {std::move(commands)};
        return print_shell({own});
    }

    std::string of_file(const std::string& script) const {
        return text(read_file(cell_.subject.folder / script), script);
    }

    // What is done more than once.
    std::string function(const std::string& name, const std::string& script,
                         const std::string& first = "") const {
        const Commands commands = writer_.write_out(read_file(cell_.subject.folder / script), script);
        return name + "() (\n" + first + print_shell(commands, 1) + ")\n";
    }

    static std::string call_of_probe() { return fmt::format("probe\necho \"{}$?\"\n", status_mark); }

    const Cell& cell_;
    ScriptWriter writer_;
    Recipe recipe_;
};

std::optional<int> status_of(const RecipeStep& step) {
    const std::size_t at = step.shown.rfind(status_mark);
    if (at == std::string::npos) return std::nullopt;
    const std::string_view rest = std::string_view(step.shown).substr(at + status_mark.size());
    return number_from<int>(rest.substr(0, rest.find('\n')));
}

std::string last_words(const RecipeStep& step) {
    auto lines = lines_of(step.shown);
    if (!lines.empty() && lines.back().starts_with(status_mark)) lines.pop_back();
    return lines.empty() ? "it printed nothing" : "its last words: " + one_line(lines.back(), shown_columns);
}

// The lines that explain most stand at the end.
std::string as_comments(const std::string& shown) {
    auto lines = lines_of(shown);
    std::string text;
    if (lines.size() > shown_lines) {
        text += fmt::format("#   … {} lines before\n", lines.size() - shown_lines);
        lines.erase(lines.begin(), lines.end() - shown_lines);
    }
    for (const auto& line : lines) text += "#   " + one_line(line, shown_columns) + "\n";
    return text.empty() ? "" : "# It printed:\n" + text;
}

// What is said on the way there is of no interest.
bool is_worth_showing(Purpose purpose) {
    return purpose != Purpose::Machine && purpose != Purpose::SetUp && purpose != Purpose::Fault &&
           purpose != Purpose::Fix;
}

}  // namespace

const RecipeStep& Recipe::of(RecipeStep::Purpose purpose) const {
    return *std::find_if(steps.begin(), steps.end(),
                         [&](const RecipeStep& step) { return step.purpose == purpose; });
}

std::string Recipe::script(const std::vector<std::string>& head) const {
    std::string text = "#!/bin/sh\n";
    for (const auto& line : head) text += "# " + one_line(line) + "\n";
    for (const auto& step : steps) {
        text += fmt::format("\necho {}\n{}", shell_quote("== " + step.heading), step.commands);
        if (is_worth_showing(step.purpose)) text += as_comments(step.shown);
    }
    return text;
}

Recipe make_recipe(const Cell& cell, const RecipeWords& words) {
    return Maker(cell, words).make();
}

bool take_transcript(Recipe& recipe, std::string_view transcript) {
    const auto heading_at = [&](std::size_t step, std::string_view in) {
        const std::string line = "== " + recipe.steps[step].heading + "\n";
        return in.starts_with(line) ? 0 : std::min(in.find("\n" + line), in.size() - 1) + 1;
    };
    for (std::size_t n = 0; n < recipe.steps.size(); ++n) {
        const std::size_t begin = transcript.empty() ? 0 : heading_at(n, transcript);
        if (begin >= transcript.size()) return false;
        transcript.remove_prefix(transcript.find('\n', begin) + 1);
        const bool last = n + 1 == recipe.steps.size() || transcript.empty();
        recipe.steps[n].shown = last ? transcript : transcript.substr(0, heading_at(n + 1, transcript));
    }
    return true;
}

std::vector<std::string> differences(const Recipe& recipe, const Cell& cell) {
    std::vector<std::string> all;
    const auto& before = recipe.of(Purpose::Before);
    const auto& failure = recipe.of(Purpose::Failure);
    if (status_of(before) != 0) all.push_back("before the fault it does not work; " + last_words(before));
    if (status_of(failure) == 0) all.push_back("with the fault it still works; " + last_words(failure));
    if (!cell.subject.symptom.found_in(failure.shown))
        all.push_back(fmt::format("with the fault it does not say /{}/; {}", cell.subject.symptom.text(),
                                  last_words(failure)));
    for (const auto& step : recipe.steps) {
        if (step.purpose == Purpose::Control && status_of(step) == 0)
            all.push_back("a restart alone cures it; " + last_words(step));
        if (step.purpose == Purpose::After && status_of(step) != 0)
            all.push_back("after the fix it does not work; " + last_words(step));
        if (step.purpose == Purpose::Evidence && !step.evidence->output->found_in(step.shown))
            all.push_back(
                fmt::format("{} (written out) does not; {}", step.evidence->text(), last_words(step)));
        if (step.purpose != Purpose::Denials) continue;
        const auto denials = parse_denials(step.shown);
        for (const auto& one : cell.subject.evidence) {
            if (one.kind == Evidence::Kind::Shows || !one.when.holds(cell.facts, cell.variant)) continue;
            const int count = count_matching(one.denial, denials);
            if (one.kind == Evidence::Kind::Denial ? count < one.at_least : count > 0)
                all.push_back(fmt::format("{}: seen {} times", one.text(), count));
        }
    }
    return all;
}

std::vector<std::string> prove(Recipe& recipe, const Cell& cell, Guest& guest) {
    // Nothing of the image is there that another machine would not have.
    const ScriptResult done = guest.run({.text = "rm -rf /usr/share/clamproof\ncat >/root/recipe.sh\n"
                                                 "exec sh /root/recipe.sh </dev/null 2>&1\n",
                                         .input = recipe.script({}),
                                         .deadline = time_for_installing + 5 * cell.subject.deadline});
    if (done.timed_out)
        throw InfraError(fmt::format("the recipe of {} took longer than {:.0f} s; its last words: {}",
                                     cell.subject.id, done.seconds,
                                     one_line(shortened(done.out.raw(), 500))));
    if (!take_transcript(recipe, done.out.raw()))
        return {"it ended before its last step; its last words: " + one_line(last_words(done.out, 300))};
    return differences(recipe, cell);
}

std::vector<std::string> silent_misses(const Recipe& recipe) {
    std::vector<std::string> misses;
    const std::string& before = recipe.of(Purpose::Before).shown;
    for (const auto& line : lines_of(recipe.of(Purpose::Failure).shown)) {
        if (!line.ends_with(": OK")) continue;
        const std::string file = line.substr(0, line.size() - 3);
        const auto found = lines_of(before);
        if (std::any_of(found.begin(), found.end(), [&](const std::string& known) {
                return known.starts_with(file) && known.ends_with(" FOUND");
            }))
            misses.push_back(line);
    }
    return misses;
}

}  // namespace clamproof
