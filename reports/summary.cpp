#include "reports/summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "results/again.h"

namespace clamproof {
namespace {

std::string expectation(const CellResult& cell) {
    if (!cell.expected) return "the case says what to expect on such a guest";
    return fmt::format("the verdict is {}", to_string(*cell.expected));
}

/// The state to look at where no arm tells: as far as the cell came.
std::string last_state(const CellResult& cell) {
    const bool failing = std::any_of(cell.arms.begin(), cell.arms.end(),
                                     [](const Arm& arm) { return arm.id == ArmId::failing() && arm.held; });
    return failing ? "failing" : "pristine";
}

std::string capsule_of(const Arm& arm) {
    for (const auto& file : arm.artifacts)
        if (file.ends_with(".capsule")) return file;
    return "";
}

/// An infra-error says nothing of the arm it struck, so that arm's claim is not held against it.
Finding untested(const CellResult& cell) {
    return {.arm = cell.arms.empty() ? "" : cell.arms.back().id.text(),
            .claimed = "the harness can test this cell",
            .seen = cell.because.empty() ? "no reason was recorded" : cell.because,
            .shell = look_command(cell, last_state(cell))};
}

struct FieldTally {
    Outcome worst = Outcome::Skipped;
    int silent_misses = 0;
    int alarming_misses = 0;
    std::size_t all = 0;                                        // that were not skipped
    std::vector<std::pair<std::string, std::size_t>> verdicts;  // of cells with the worst outcome

    void add(const CellResult& cell) {
        silent_misses += cell.silent_misses();
        alarming_misses += cell.alarming_misses();
        if (cell.outcome != Outcome::Skipped) ++all;
        if (mark(cell.outcome).gravity > mark(worst).gravity) {
            worst = cell.outcome;
            verdicts.clear();
        }
        if (cell.outcome != worst) return;
        const std::string verdict(to_string(cell.verdict));
        const auto known = std::find_if(verdicts.begin(), verdicts.end(),
                                        [&](const auto& one) { return one.first == verdict; });
        if (known == verdicts.end())
            verdicts.emplace_back(verdict, 1);
        else
            ++known->second;
    }

    std::string words() const {
        if (worst == Outcome::Skipped) return "skipped";
        std::string text;
        for (const auto& [verdict, count] : verdicts) {
            if (!text.empty()) text += ", ";
            if (worst != Outcome::Pass && all > 1)
                text += fmt::format("{} of {} ", count, all);
            else if (all > 1)
                text += fmt::format("{} ", count);
            text += verdict;
        }
        return text;
    }
};

}  // namespace

void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void Counts::add(const CellResult& cell) {
    silent_misses += static_cast<std::size_t>(cell.silent_misses());
    constexpr std::size_t Counts::*counters[] = {// in the order of Outcome
                                                 &Counts::passed, &Counts::known,   &Counts::mismatches,
                                                 &Counts::flaky,  &Counts::skipped, &Counts::infra_errors};
    ++(this->*counters[static_cast<std::size_t>(cell.outcome)]);
}

Counts count(const std::vector<CellResult>& cells) {
    Counts counts;
    for (const CellResult& cell : cells) counts.add(cell);
    return counts;
}

std::string closing_line(const Counts& counts) {
    std::string line =
        fmt::format("{} passed, {} failed, {} skipped", counts.passed, counts.failed(), counts.skipped);
    if (counts.known > 0) line += fmt::format(", {} known", counts.known);
    return line;
}

std::string accelerator_sentence(const HostInfo& host) {
    if (!host.containers.empty()) {
        HostInfo vms = host;
        vms.containers.clear();
        const std::string containers = fmt::format("Containers ran in {}.", one_line(host.containers));
        return host.accelerator == "none" ? containers : accelerator_sentence(vms) + " " + containers;
    }
    std::string why = one_line(host.why);
    if (why.ends_with('.')) why.pop_back();
    if (host.accelerator == "kvm") return "Guests ran on KVM.";
    if (host.accelerator == "none" || host.accelerator.empty()) {
        return why.empty() ? "No guest was started." : fmt::format("No guest was started: {}.", why);
    }
    return fmt::format("Guests ran emulated ({}), not on KVM: {}; deadlines were stretched {:.3g} times.",
                       one_line(host.accelerator), why.empty() ? "no reason was recorded" : why, host.scale);
}

std::string circumstances(const RunResults& run) {
    std::set<std::string> files;
    for (const ImageInfo& image : run.images)
        for (const auto& [file, digest] : image.installed) files.insert(one_line(file));
    const std::string installed =
        files.empty() ? "" : fmt::format("Installed over every image: {}. ", fmt::join(files, ", "));
    return installed + accelerator_sentence(run.host);
}

std::string cell_name(const CellResult& cell) {
    std::string name = one_line(cell.image) + " " + one_line(cell.case_id);
    if (!cell.variant.empty()) name += " " + one_line(variant_name(cell.variant));
    return name;
}

std::string verdict_and_expected(const CellResult& cell) {
    if (!cell.expected)
        return fmt::format("{}, and the case expects nothing of this guest", to_string(cell.verdict));
    return fmt::format("{}, expected {}", to_string(cell.verdict), to_string(*cell.expected));
}

std::vector<Finding> findings(const CellResult& cell) {
    std::vector<Finding> found;
    if (cell.outcome == Outcome::Pass || cell.outcome == Outcome::Skipped || cell.outcome == Outcome::Known)
        return found;
    if (cell.outcome == Outcome::Infra) return {untested(cell)};
    if (cell.verdict == cell.expected)
        return {{.arm = "",
                 .claimed = "the known problem is there",
                 .seen = cell.known,
                 .shell = look_command(cell, last_state(cell))}};
    for (const Arm& arm : cell.arms) {
        if (arm.held) continue;
        found.push_back({.arm = arm.id.text(),
                         .claimed = arm.claim,
                         .seen = arm.seen,
                         .shell = look_command(cell, arm.id.text()),
                         .kept = capsule_of(arm)});
    }
    if (!found.empty()) return found;
    std::string seen = fmt::format("the verdict is {}", to_string(cell.verdict));
    if (!cell.because.empty()) seen += ": " + cell.because;
    found.push_back({.arm = "",
                     .claimed = expectation(cell),
                     .seen = std::move(seen),
                     .shell = look_command(cell, last_state(cell))});
    return found;
}

std::string runs_in_words(const std::vector<CellResult>& runs) {
    std::vector<std::string_view> verdicts;
    for (const CellResult& run : runs)
        if (std::find(verdicts.begin(), verdicts.end(), to_string(run.verdict)) == verdicts.end())
            verdicts.push_back(to_string(run.verdict));
    return fmt::format("{}", fmt::join(verdicts, ", "));
}

std::string reason(const CellResult& cell) {
    if (!cell.known.empty()) return one_line(cell.known);
    std::string why = cell.because;
    if (cell.outcome == Outcome::Mismatch || cell.outcome == Outcome::Flaky) {
        const auto refuted =
            std::find_if(cell.arms.begin(), cell.arms.end(), [](const Arm& arm) { return !arm.held; });
        if (refuted != cell.arms.end()) why = refuted->seen;
    }
    if (cell.outcome == Outcome::Flaky)
        why = fmt::format("it came out {} as well: {}", runs_in_words(cell.reruns), why);
    return one_line(why);
}

const Mark& mark(Outcome outcome) {
    static constexpr Mark marks[] = {
        // in the order of Outcome
        {.word = "ok", .colour = "32", .symbol = "✅", .gravity = 1},
        {.word = "known", .colour = "33", .symbol = "📌", .gravity = 2},
        {.word = "FAIL", .colour = "31", .symbol = "❌", .gravity = 5},
        {.word = "FLAKY", .colour = "31", .symbol = "🎲", .gravity = 4},
        {.word = "skip", .colour = "33", .symbol = "➖", .gravity = 0},
        {.word = "ERROR", .colour = "35", .symbol = "⚠️", .gravity = 3},
    };
    static_assert(std::size(marks) == static_cast<std::size_t>(Outcome::Infra) + 1);
    return marks[static_cast<std::size_t>(outcome)];
}

std::string mark_text(Outcome outcome, Colour colour) {
    constexpr std::size_t widest = 5;
    const Mark& sign = mark(outcome);
    return paint(sign.word, sign.colour, colour) + std::string(widest - sign.word.size(), ' ');
}

ResultMatrix matrix_of(const std::vector<CellResult>& cells) {
    ResultMatrix matrix;
    std::map<std::pair<std::string, std::string>, FieldTally> tallies;
    for (const auto& cell : cells) {
        add_once(matrix.images, cell.image);
        add_once(matrix.cases, cell.case_id);
        tallies[{cell.case_id, cell.image}].add(cell);
    }
    for (const auto& [place, tally] : tallies)
        matrix.fields[place] = {.outcome = tally.worst,
                                .words = tally.words(),
                                .silent_misses = tally.silent_misses,
                                .alarming_misses = tally.alarming_misses};
    return matrix;
}

}  // namespace clamproof
