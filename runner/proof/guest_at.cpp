#include "proof/guest_at.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace clamproof {

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
            throw InfraError(
                fmt::format("{} failed with {}: {}{}", script, result.exit, result.out, result.err));
    }
    return guest;
}

}  // namespace clamproof
