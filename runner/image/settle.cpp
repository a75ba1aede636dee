#include "image/settle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "image/store.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr double settle_deadline = 60;
// What /usr/lib/clamproof/booted ends with where a unit has failed, and the image's settle script where it is
// clamd that does not work.
constexpr int a_unit_failed = 1;
constexpr int clamd_fails = 4;
constexpr int nothing_is_a_finding = -1;

std::string checked(Guest& guest, const ImageDefinition& image, const std::string& doing,
                    const Script& script, int finding) {
    const ScriptResult result = guest.run(script);
    if (result.exit == 0) return result.out.raw();
    const std::string words = fmt::format("{}: {} {} with {}:\n{}", image.name, doing,
                                          result.timed_out ? "ran out of time and ended" : "ended",
                                          result.exit, terminal_text(result.out + result.err));
    if (result.timed_out || result.exit != finding) throw InfraError(words);
    throw UnwellGuest(words);
}

}  // namespace

std::string await_settled(Guest& guest, const ImageDefinition& image) {
    std::string passed_over = checked(
        guest, image, "booting",
        {.text = clamd_exports(image) + "exec /usr/lib/clamproof/booted", .deadline = settle_deadline},
        a_unit_failed);
    checked(guest, image, "settling",
            {.text = clamd_exports(image) + read_file(image.part("setup" / fs::path(image.settle))),
             .deadline = settle_deadline},
            clamd_fails);
    assert_guarded(guest, image, Guarded::EnforcingAndConfined);
    return passed_over;
}

Told ask_facts(Guest& guest, const ImageDefinition& image) {
    const auto answer = [&](const std::string& doing, const std::string& script) {
        return checked(guest, image, doing, {.text = clamd_exports(image) + script, .deadline = 30},
                       nothing_is_a_finding);
    };
    Told told = parse_pairs(answer("telling its facts", "exec /usr/lib/clamproof/facts"));
    for (const Fact& fact : image.asked) {
        const std::string doing = fmt::format("telling the fact \"{}\"", fact.name);
        const auto lines = lines_of(answer(doing, "set -eu\n" + read_file(fact.script)));
        const std::string value = lines.empty() ? "" : lines.front();
        const bool is_known = value.empty() || fact.values.empty() ||
                              std::find(fact.values.begin(), fact.values.end(), value) != fact.values.end();
        if (lines.size() > 1 || !is_known)
            throw InfraError(fmt::format(
                "{}: {}: {} says \"{}\"; expected {}", image.name, doing, fact.script.string(),
                fmt::join(lines, "\\n"),
                fact.values.empty() ? "one line" : fmt::format("one of {}", fmt::join(fact.values, ", "))));
        told[fact.question()] = value;
    }
    return told;
}

Told settle(Guest& guest, const ImageDefinition& image) {
    await_settled(guest, image);
    return ask_facts(guest, image);
}

std::map<std::string, std::string> facts_by_name(const ImageDefinition& image, const Told& told) {
    std::map<std::string, std::string> facts;
    for (const auto& [name, value] : told)
        if (!is_question(name)) facts[name] = value;
    if (facts.empty()) return {};
    for (const Fact& fact : image.asked) {
        const auto answer = told.find(fact.question());
        if (answer == told.end()) return {};
        if (!answer->second.empty()) facts[fact.name] = answer->second;
    }
    facts["kind"] = image.kind;
    facts["archive"] = !image.snapshot.empty() ? image.snapshot
                       : image.takes_old_lists ? "may-be-old"
                                               : "current";
    return facts;
}

Told settle_first(Guest& guest, const ImageDefinition& image, const std::string& doing,
                  const std::function<void(const std::string&)>& say) try {
    const std::string passed_over = await_settled(guest, image);
    if (!passed_over.empty())
        say(fmt::format("{}: units of the vendor's have failed that no case needs:\n{}", image.name,
                        without_line_end(passed_over)));
    return ask_facts(guest, image);
} catch (const InfraError&) {
    const fs::path evidence = failed_build_folder(image.name);
    guest.diagnose(evidence);
    rethrow_while(fmt::format("{} {} (its logs are in {})", doing, image.name, evidence.string()));
}

std::map<std::string, std::string> parse_pairs(const std::string& text) {
    std::map<std::string, std::string> pairs;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals != std::string::npos && equals > 0)
            pairs[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return pairs;
}

std::string pair_lines(const std::map<std::string, std::string>& pairs) {
    std::string lines;
    for (const auto& [name, value] : pairs) lines += name + "=" + value + "\n";
    return lines;
}

void assert_guarded(Guest& guest, const ImageDefinition& image, Guarded guarded) {
    if (image.lsm == "none") return;
    const ScriptResult result = guest.run({.text = "exec /usr/lib/clamproof/state", .deadline = 20});
    if (result.exit != 0)
        throw InfraError(
            fmt::format("{}: the guest cannot tell its state: {}", image.name, terminal_text(result.err)));
    auto state = parse_pairs(result.out.raw());
    if (state["lsm"] != image.lsm || state["enforcing"] != "yes")
        throw InfraError(fmt::format("{}: {} is not enforcing in the guest (its module is {}, enforcing: {})",
                                     image.name, image.lsm, state["lsm"], state["enforcing"]));
    const std::string wanted = image.clamd.at("confinement");
    if (guarded == Guarded::EnforcingAndConfined && state["clamd_pid"] != "none" &&
        state["confinement"] != wanted)
        throw InfraError(
            fmt::format("{}: clamd runs in {}, not in {}", image.name, state["confinement"], wanted));
}

}  // namespace clamproof
