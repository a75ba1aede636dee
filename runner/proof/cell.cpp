#include "proof/cell.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "support/files.h"

namespace clamproof {
namespace {

std::string body_of(const Cell& cell, const std::string& script) {
    return cell.library + "\n" + read_file(cell.subject.folder / script);
}

// What a text names of the variant.
Variant named_in(const std::string& text, const Variant& variant) {
    Variant named;
    for (const auto& [dimension, value] : variant)
        if (text.find(variable_name("VARIANT", dimension)) != std::string::npos) named[dimension] = value;
    return named;
}

std::string sent_as(const Cell& cell, const std::string& body) {
    return clamd_exports(cell.image) + exports("FACT", cell.facts) +
           exports("VARIANT", named_in(body, cell.variant)) + "set -eu\n" + body;
}

}  // namespace

std::string script_text(const Cell& cell, const std::string& script) {
    return sent_as(cell, body_of(cell, script));
}

std::string text_of(const Cell& cell, const std::string& script) {
    return sent_as(cell, cell.library + "\n" + script);
}

bool same_for_every_variant(const Cell& cell, const std::string& script) {
    return named_in(body_of(cell, script), cell.variant).empty();
}

std::string shared_by(const Cell& cell) {
    return cell.variant.empty() ? cell.subject.id : variant_name(cell.variant);
}

std::unique_ptr<Guest> guest_at(const Cell& cell, GuestHost& guests, const std::string& at) {
    std::vector<std::string> scripts;
    const auto& subject = cell.subject;
    if (at != "pristine") {
        if (subject.setup) scripts.push_back(*subject.setup);
        if (at != "healthy") scripts.push_back(subject.trigger);
        if (at == "control" && subject.restart) scripts.push_back(*subject.restart);
    }
    std::vector<std::string> known = {"pristine", "healthy", "failing", "control"};
    for (const auto& fix : subject.fixes) {
        known.push_back(fix.id);
        if (at == fix.id || ArmId::from(at) == ArmId::fix(fix.id)) {
            scripts.push_back(fix.apply);
            if (fix.takes_effect == TakesEffect::AfterRestart && subject.restart)
                scripts.push_back(*subject.restart);
            known.push_back(at);
        }
    }
    if (std::find(known.begin(), known.end(), at) == known.end())
        throw InputError(
            fmt::format("unknown state \"{}\"; {} has {}", at, subject.id, fmt::join(known, ", ")));
    auto guest = guests.open();
    for (const auto& script : scripts) {
        const ScriptResult result =
            guest->run({.text = script_text(cell, script), .deadline = subject.deadline});
        if (result.exit != 0)
            throw InfraError(fmt::format("{} failed with {}: {}", script, result.exit,
                                         terminal_text(result.out + result.err)));
    }
    return guest;
}

}  // namespace clamproof
