#include "engine/arm_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/bounded.h"
#include "engine/denials.h"
#include "engine/notes.h"
#include "image/confinement.h"

namespace clamproof {
namespace {

// The last line that says anything, for a sentence.
std::string last_line(const Step& step) {
    for (const std::string* text : {&step.err, &step.out}) {
        const auto end = text->find_last_not_of(" \t\r\n");
        if (end == std::string::npos) continue;
        const auto begin = text->find_last_of('\n', end);
        return bounded(text->substr(begin + 1, end - begin), 300);
    }
    return "";
}

}  // namespace

Event cell_event(const Cell& cell, EventKind kind) {
    Event event;
    event.kind = kind;
    event.image = cell.image.name;
    event.case_id = cell.subject.id;
    event.variant = cell.variant;
    return event;
}

ArmRun::ArmRun(const Cell& cell, const EventSink& sink, std::string name, std::string claim)
    : cell_(cell), sink_(sink) {
    arm_.name = std::move(name);
    arm_.claim = std::move(claim);
    arm_.held = true;
    Event event = cell_event(cell_, EventKind::ArmStarted);
    event.arm = arm_.name;
    sink_(event);
}

void ArmRun::enter(Guest& guest) {
    guest_ = &guest;
    fresh_window();
}

void ArmRun::fresh_window() {
    window_.reset();
    if (cell_.image.lsm != "none") window_ = std::make_unique<AuditWindow>(*guest_);
}

void ArmRun::adopt(Guest& guest, const SharedState& from) {
    guest_ = &guest;
    window_.reset();
    if (!from.mark.empty()) window_ = std::make_unique<AuditWindow>(guest, from.mark);
    for (const auto& step : from.steps) {
        tell_step(step.what + ", as run for " + from.by);
        arm_.steps.push_back(step);
        arm_.steps.back().shared = from.by;
    }
    arm_.scans.insert(arm_.scans.end(), from.scans.begin(), from.scans.end());
    arm_.notes.insert(arm_.notes.end(), from.notes.begin(), from.notes.end());
    if (!from.because.empty()) because_ = from.because;
}

SharedState ArmRun::to_share(std::size_t since) const {
    SharedState part;
    part.by = variant_name(cell_.variant);
    if (window_) part.mark = window_->mark();
    for (std::size_t i = since; i < arm_.steps.size(); ++i) part.steps.push_back(arm_.steps[i]);
    if (since > 0) return part;  // what was noted before is not theirs
    part.scans = arm_.scans;
    part.notes = arm_.notes;
    part.because = because_;
    return part;
}

void ArmRun::tell_step(const std::string& what) {
    Event event = cell_event(cell_, EventKind::StepStarted);
    event.arm = arm_.name;
    event.step = what;
    sink_(event);
}

Step& ArmRun::step(const std::string& what, const std::string& script) {
    tell_step(what);
    arm_.steps.push_back({.what = what, .script = script, .exit = -1, .out = "", .err = ""});
    Step& step = arm_.steps.back();
    const double deadline = cell_.subject.deadline;
    ScriptResult result = guest_->run({.text = script_text(cell_, script), .deadline = deadline});
    step.exit = result.exit;
    step.timed_out = result.timed_out;
    step.out = std::move(result.out);
    step.err = std::move(result.err);
    step.seconds = result.seconds;
    take_notes(step);
    if (step.timed_out)
        throw InfraError(fmt::format("{} ({} of {}) took longer than its {:.0f} s", what, script,
                                     cell_.subject.id, deadline));
    return step;
}

void ArmRun::record(const std::string& what, const ScriptResult& done) {
    arm_.steps.push_back({.what = what,
                          .script = "",
                          .exit = done.exit,
                          .timed_out = done.timed_out,
                          .out = done.out,
                          .err = done.err,
                          .seconds = done.seconds});
}

// What the scripts report by marked lines, out of what people read.
void ArmRun::take_notes(Step& step) {
    Notes notes = read_notes(step.out);
    step.out = std::move(notes.visible);
    for (auto& scan : notes.scans) arm_.scans.push_back(std::move(scan));
    for (auto& effect : notes.side_effects) {
        const std::string text = "side effect: " + effect;
        if (std::find(arm_.notes.begin(), arm_.notes.end(), text) == arm_.notes.end())
            arm_.notes.push_back(text);
    }
    if (!notes.because.empty()) because_ = notes.because.back();
}

void ArmRun::must(const std::string& what, const std::string& script) {
    const Step& done = step(what, script);
    if (done.exit != 0)
        throw InfraError(fmt::format("the case's own {} ({}) failed with {}: {}", what, script, done.exit,
                                     last_line(done)));
}

bool ArmRun::may(const std::string& what, const std::string& script) {
    return step(what, script).exit == 0;
}

std::string ArmRun::last_words() const {
    return last_line(arm_.steps.back());
}

ProbeResult ArmRun::probe(const std::string& what) {
    const Step& done = step(what, cell_.subject.probe);
    return {.passed = done.exit == 0,
            .symptom = cell_.subject.symptom.found_in(done.out + "\n" + done.err),
            .said = last_line(done)};
}

EvidenceResult ArmRun::evidence(Scripts scripts) {
    EvidenceResult result;
    for (const auto& evidence : cell_.subject.evidence) {
        if (scripts == Scripts::Spare) break;
        if (evidence.kind != Evidence::Kind::Shows || !evidence.when.holds(cell_.facts, cell_.variant))
            continue;
        const Step& done = step("evidence", evidence.script);
        if (!evidence.output->found_in(done.out + "\n" + done.err)) result.missing.push_back(evidence.text());
    }
    const std::vector<Denial> denials = window_ ? window_->denials() : std::vector<Denial>{};
    for (const auto& evidence : cell_.subject.evidence) {
        if (evidence.kind == Evidence::Kind::Shows || !evidence.when.holds(cell_.facts, cell_.variant))
            continue;
        const int count = count_matching(evidence.denial, denials);
        const bool wanted = evidence.kind == Evidence::Kind::Denial;
        if (wanted && count > 0) result.any_denial = true;
        if (wanted ? count < evidence.at_least : count > 0)
            result.missing.push_back(fmt::format("{} (seen: {})", evidence.text(), count));
    }
    arm_.denials.insert(arm_.denials.end(), denials.begin(), denials.end());
    return result;
}

std::string ArmRun::stray_denials() {
    if (!window_) return "";
    const std::vector<Denial> denials = window_->denials();
    std::string stray;
    for (const auto& evidence : cell_.subject.evidence) {
        if (evidence.kind == Evidence::Kind::Shows || !evidence.when.holds(cell_.facts, cell_.variant))
            continue;
        const int count = count_matching(evidence.denial, denials);
        if (count > 0) stray = fmt::format("{}, {} times", evidence.denial.text(), count);
    }
    if (!stray.empty()) arm_.denials.insert(arm_.denials.end(), denials.begin(), denials.end());
    return stray;
}

void ArmRun::reboot() {
    tell_step("reboot");
    const Stopwatch watch;
    window_.reset();
    guest_->reboot();
    arm_.steps.push_back({.what = "reboot", .script = "", .out = "", .err = "", .seconds = watch.seconds()});
    fresh_window();
}

void ArmRun::assert_guarded(std::string_view state_of) {
    const bool unconfined = cell_.subject.may_be_unconfined(state_of.empty() ? arm_.name : state_of);
    clamproof::assert_guarded(*guest_, cell_.image,
                              unconfined ? Guarded::Enforcing : Guarded::EnforcingAndConfined);
}

void ArmRun::refute(const std::string& seen) {
    if (!arm_.held) return;
    arm_.held = false;
    arm_.seen = seen;
}

Arm ArmRun::finish() {
    arm_.seconds = watch_.seconds();
    Event event = cell_event(cell_, EventKind::ArmEnded);
    event.arm = arm_.name;
    event.held = arm_.held;
    event.text = arm_.seen;
    event.seconds = arm_.seconds;
    sink_(event);
    return std::move(arm_);
}

}  // namespace clamproof
