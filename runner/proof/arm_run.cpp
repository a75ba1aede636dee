#include "proof/arm_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "guest/guest.h"
#include "image/install.h"
#include "image/settle.h"
#include "proof/denials.h"
#include "proof/notes.h"
#include "support/text.h"

namespace clamproof {
namespace {

// The last line that says anything, for a sentence.
std::string last_line(const Step& step) {
    for (const std::string* text : {&step.err.raw(), &step.out.raw()}) {
        const auto end = text->find_last_not_of(" \t\r\n");
        if (end == std::string::npos) continue;
        const auto begin = text->find_last_of('\n', end);
        return terminal_text(shortened(text->substr(begin + 1, end - begin), 300));
    }
    return "";
}

// Its process and when that was started; empty where there is none.
std::string running_clamd(Guest& guest) {
    return guest
        .run({.text = "pid=$(pidof -s clamd) && cut -d ' ' -f 1,22 \"/proc/$pid/stat\"", .deadline = 20})
        .out.raw();
}

}  // namespace

ArmRun::ArmRun(const Cell& cell, const ProgressSink& sink, ArmId id, std::string claim,
               const std::vector<Denial>& background)
    : cell_(cell), sink_(sink), background_(background) {
    arm_.id = std::move(id);
    arm_.claim = std::move(claim);
    arm_.held = true;
    fault_ = arm_.id == ArmId::healthy() ? Fault::Absent : Fault::Present;
    sink_(ArmStarted{.cell = cell_.id(), .arm = arm_.id});
}

void ArmRun::enter(Guest& guest) {
    guest_ = &guest;
    open_window();
}

void ArmRun::open_window() {
    window_.reset();
    if (cell_.image.lsm != "none") window_ = std::make_unique<AuditWindow>(*guest_);
}

void ArmRun::adopt(Guest& guest, const SharedState& from) {
    guest_ = &guest;
    window_.reset();
    if (!from.window.mark.empty()) window_ = std::make_unique<AuditWindow>(guest, from.window);
    for (const auto& step : from.steps) {
        announce_step(step.what + ", as run for " + from.by);
        arm_.steps.push_back(step);
        arm_.steps.back().shared = from.by;
    }
    arm_.scans.insert(arm_.scans.end(), from.scans.begin(), from.scans.end());
    arm_.notes.insert(arm_.notes.end(), from.notes.begin(), from.notes.end());
    if (!from.because.empty()) because_ = from.because;
}

SharedState ArmRun::to_share() const {
    SharedState part;
    part.by = shared_by(cell_);
    if (window_) part.window = window_->begin();
    part.steps = arm_.steps;
    part.scans = arm_.scans;
    part.notes = arm_.notes;
    part.because = because_;
    return part;
}

void ArmRun::announce_step(const std::string& what) {
    sink_(StepStarted{.cell = cell_.id(), .arm = arm_.id, .step = what});
}

Step& ArmRun::step(const std::string& what, const std::string& script) {
    announce_step(what);
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
    if (step.exit == wait_ran_out) check_speed(step, script);
    if (step.exit == exit_of_killed)
        throw InfraError(fmt::format("{} ({} of {}) was killed", what, script, cell_.subject.id));
    return step;
}

// Of a guest that got no time to do anything nothing can be said.
void ArmRun::check_speed(const Step& step, const std::string& script) {
    const double slower = slowness(*guest_);
    if (slower < too_slow) return;
    throw InfraError(
        fmt::format("{} ({} of {}) {}, on a machine that is {:.0f} times slower than it should be", step.what,
                    script, cell_.subject.id, last_line(step), slower));
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
    Notes notes = read_notes(step.out.raw());
    step.out = std::move(notes.visible);
    for (auto& scan : notes.scans) {
        scan.step = step.what;
        scan.fault = fault_;
        arm_.scans.push_back(std::move(scan));
    }
    for (auto& effect : notes.side_effects) {
        const std::string text = "side effect: " + effect;
        if (std::find(arm_.notes.begin(), arm_.notes.end(), text) == arm_.notes.end())
            arm_.notes.push_back(text);
    }
    if (!notes.because.empty()) because_ = notes.because.back();
}

double ArmRun::must(const std::string& what, const std::string& script) {
    const Step& done = step(what, script);
    if (done.exit == 0) return done.seconds;
    throw InfraError(
        fmt::format("the case's own {} ({}) failed with {}: {}", what, script, done.exit, last_line(done)));
}

bool ArmRun::may(const std::string& what, const std::string& script) {
    return step(what, script).exit == 0;
}

bool ArmRun::restart(const std::string& what) {
    if (!cell_.subject.restart) return true;
    const std::string before = running_clamd(*guest_);
    if (step(what, *cell_.subject.restart).exit != 0) return false;
    if (!before.empty() && running_clamd(*guest_) == before)
        throw InfraError(fmt::format("the case's own {} ({}) left the clamd running that ran before", what,
                                     *cell_.subject.restart));
    return true;
}

void ArmRun::must_restart(const std::string& what) {
    if (restart(what)) return;
    throw InfraError(fmt::format("the case's own {} ({}) failed with {}: {}", what, *cell_.subject.restart,
                                 arm_.steps.back().exit, last_said()));
}

std::string ArmRun::last_said() const {
    return last_line(arm_.steps.back());
}

ProbeResult ArmRun::probe(const std::string& what) {
    const Step& done = step(what, cell_.subject.probe);
    return {.passed = done.exit == 0,
            .symptom = cell_.subject.symptom.found_in((done.out + "\n" + done.err).raw()),
            .said = last_line(done)};
}

EvidenceResult ArmRun::evidence(Scripts scripts) {
    EvidenceResult result;
    for (const auto& evidence : cell_.subject.evidence) {
        if (scripts == Scripts::Spare) break;
        if (evidence.kind != Evidence::Kind::Shows || !evidence.when.holds(cell_.facts, cell_.variant))
            continue;
        const Step& done = step("evidence", evidence.script);
        if (!evidence.output->found_in((done.out + "\n" + done.err).raw()))
            result.missing.push_back(evidence.text());
    }
    const std::vector<Denial> denials = without_background(record_denials(), background_);
    for (const auto& evidence : cell_.subject.evidence) {
        if (evidence.kind == Evidence::Kind::Shows || !evidence.when.holds(cell_.facts, cell_.variant))
            continue;
        const int count = count_matching(evidence.denial, denials);
        const bool wanted = evidence.kind == Evidence::Kind::Denial;
        if (wanted && count > 0) result.any_denial = true;
        if (wanted ? count < evidence.at_least : count > 0)
            result.missing.push_back(fmt::format("{} (seen: {})", evidence.text(), count));
    }
    return result;
}

std::vector<Denial> ArmRun::record_denials() {
    std::vector<Denial> denials = window_ ? window_->denials() : std::vector<Denial>{};
    arm_.denials.insert(arm_.denials.end(), denials.begin(), denials.end());
    return denials;
}

std::string ArmRun::stray_denials() {
    if (!window_) return "";
    const std::vector<Denial> all = window_->denials();
    const std::vector<Denial> denials = without_background(all, background_);
    std::string stray;
    for (const auto& evidence : cell_.subject.evidence) {
        if (evidence.kind == Evidence::Kind::Shows || !evidence.when.holds(cell_.facts, cell_.variant))
            continue;
        const int count = count_matching(evidence.denial, denials);
        if (count > 0) stray = fmt::format("{}, {} times", evidence.denial.text(), count);
    }
    if (!stray.empty()) arm_.denials.insert(arm_.denials.end(), all.begin(), all.end());
    return stray;
}

void ArmRun::reboot() {
    announce_step("reboot");
    const Stopwatch watch;
    guest_->reboot();
    arm_.steps.push_back({.what = "reboot", .script = "", .out = "", .err = "", .seconds = watch.seconds()});
}

void ArmRun::assert_guarded(const ArmId& state_of) {
    const bool unconfined = cell_.subject.may_be_unconfined(state_of);
    clamproof::assert_guarded(*guest_, cell_.image,
                              unconfined ? Guarded::Enforcing : Guarded::EnforcingAndConfined);
}

void ArmRun::refute(const std::string& seen) {
    if (arm_.held && guest_ && disk_is_full(*guest_))
        throw InfraError(fmt::format("on a guest whose disk is full: {}", seen));
    break_off(seen);
}

void ArmRun::break_off(const std::string& trouble) {
    if (!arm_.held) return;
    arm_.held = false;
    arm_.seen = trouble;
}

Arm ArmRun::finish() {
    arm_.seconds = watch_.seconds();
    sink_(ArmEnded{
        .cell = cell_.id(), .arm = arm_.id, .held = arm_.held, .seen = arm_.seen, .seconds = arm_.seconds});
    return std::move(arm_);
}

}  // namespace clamproof
