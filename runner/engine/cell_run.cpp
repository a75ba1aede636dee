#include "engine/cell_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/changes.h"

namespace clamproof {
namespace {

namespace fs = std::filesystem;

// One cell on its way. Each arm is a function that ends with its claim held or refuted.
class CellRun {
  public:
    CellRun(const Cell& cell, GuestSource& guests, const EventSink& sink, const fs::path& evidence)
        : cell_(cell), guests_(guests), sink_(sink), evidence_(evidence) {}

    void run(CellResult& result) {
        try {
            result.verdict = walk();
        } catch (const InfraError& error) {
            because_ = error.what();
            result.verdict = Verdict::InfraError;
            if (arm_) {
                arm_->refute(error.what());
                end_arm();
            }
        }
        result.because = because_;
        result.arms = std::move(arms_);
    }

  private:
    Verdict walk() {
        guest_ = guests_.fork(guests_.pristine());
        if (!healthy()) return Verdict::Unhealthy;
        const Verdict failing = this->failing();
        if (failing != Verdict::Fixed) return failing;
        const auto fixes = fixes_for(cell_.subject, cell_.facts, cell_.variant);
        if (fixes.empty())
            throw InfraError(cell_.subject.id +
                             " names no fix for this variant, so there is nothing to prove");
        Verdict verdict = control();
        for (const Fix* fix : fixes) {
            const bool cured = try_fix(*fix);
            if (!cured && verdict == Verdict::Fixed) verdict = Verdict::FixFailed;
        }
        return verdict;
    }

    bool healthy() {
        begin_arm("healthy", "the probe passes before anything is broken");
        arm_->enter(*guest_);
        if (cell_.subject.setup) arm_->must("setup", *cell_.subject.setup);
        const ProbeResult probe = arm_->probe("probe");
        if (!probe.passed) arm_->refute("the probe fails: " + probe.said);
        arm_->assert_guarded();
        return end_arm();
    }

    // Fixed stands for "reproduced as documented", which is all that can be said here.
    Verdict failing() {
        begin_arm("failing",
                  "after the trigger the probe fails, in the documented words, with the documented evidence");
        arm_->enter(*guest_);
        arm_->must("trigger", cell_.subject.trigger);
        const ProbeResult probe = arm_->probe("probe");
        const EvidenceResult evidence =
            arm_->evidence(probe.passed ? ArmRun::Scripts::Spare : ArmRun::Scripts::Run);
        const bool no_effect = probe.passed && !evidence.any_denial;
        arm_->assert_guarded(no_effect ? "healthy" : "");
        if (no_effect) {
            arm_->refute("the probe still passes: the trigger has no effect here");
            because_ = arm_->because();
            end_arm(KeepLogs::No);  // what is to be seen in them is that nothing happened
            return Verdict::Immune;
        }
        if (probe.passed) arm_->refute("the probe passes, although the documented denials were seen");
        if (!probe.symptom) arm_->refute("the probe fails in other words than documented: " + probe.said);
        if (!evidence.missing.empty())
            arm_->refute(
                fmt::format("documented evidence is missing: {}", fmt::join(evidence.missing, "; ")));
        if (!end_arm()) return Verdict::DifferentFailure;
        failing_inventory_ = take_inventory(*guest_);
        failing_ = guest_->save();
        guest_.reset();
        return Verdict::Fixed;
    }

    Verdict control() {
        fork_failing("control", "without a fix, the same restart leaves it failing");
        arm_->must("restart", cell_.subject.restart);
        const ProbeResult probe = arm_->probe("probe");
        Verdict verdict = Verdict::Fixed;
        if (probe.passed) {
            arm_->refute("the probe passes after a mere restart");
            verdict = Verdict::SelfHealed;
        } else if (!probe.symptom) {
            arm_->refute("it still fails, but in other words than documented: " + probe.said);
            verdict = Verdict::DifferentFailure;
        }
        arm_->assert_guarded();
        end_arm();
        return verdict;
    }

    bool try_fix(const Fix& fix) {
        fork_failing("fix:" + fix.id,
                     fix.survives == Survives::Nothing
                         ? "it cures for the moment"
                         : fmt::format("it cures, twice over, lasts over a {}, and the failure is back "
                                       "when it is undone",
                                       to_string(fix.survives)));
        if (cures(fix) && verified(fix)) {
            arm_->note_changes(changes_between(failing_inventory_, take_inventory(*guest_)));
            if (fix.survives == Survives::Nothing) {
                does_not_last();
            } else {
                lasts(fix) && comes_back(fix);
            }
        }
        return end_arm();
    }

    bool applied(const Fix& fix, const std::string& what) {
        return arm_->may(what, fix.apply) ||
               refuted(fmt::format("the fix cannot be applied: {} ({}) failed", fix.apply, what));
    }

    bool cures(const Fix& fix) {
        if (!applied(fix, "apply")) return false;
        if (fix.takes_effect == TakesEffect::Now) return cured("probe after apply");
        return restarted("restart") && cured("probe after restart");
    }

    // The control has shown that the restart works without the fix.
    bool restarted(const std::string& what) {
        if (arm_->may(what, cell_.subject.restart)) return true;
        return refuted(fmt::format("{}: {} fails with the fix in place: {}", what, cell_.subject.restart,
                                   arm_->last_words()));
    }

    bool verified(const Fix& fix) {
        return !fix.verify || arm_->may("verify", *fix.verify) ||
               refuted(fmt::format("the probe passes, but {} does not find the fix in place", *fix.verify));
    }

    // The probe passes, and nothing of the documented kind was refused meanwhile.
    bool cured(const std::string& what) {
        arm_->fresh_window();
        const ProbeResult probe = arm_->probe(what);
        if (!probe.passed) return refuted(fmt::format("{}: still failing: {}", what, probe.said));
        const std::string stray = arm_->stray_denials();
        return stray.empty() || refuted(fmt::format("{}: it passes, but there still is a {}", what, stray));
    }

    // What it takes to see that it lasts is the dear part, so one restart shows as much as it can: that the
    // fix may be applied twice, and that it outlives the restart. Where the reboot and the restart that
    // follows it show both, and clamd was restarted on the way to the cure, there is none in between.
    bool lasts(const Fix& fix) {
        if (!applied(fix, "second apply")) return false;
        if (fix.takes_effect == TakesEffect::Now || fix.survives == Survives::Restart) {
            if (!restarted("restart after second apply") || !cured("probe after second apply")) return false;
        }
        if (fix.survives == Survives::Restart) return true;
        arm_->reboot();
        if (!restarted("restart after reboot")) return false;
        arm_->assert_guarded();
        return cured("probe after reboot");
    }

    // Without this it could have been anything that cured: the boot, the restart, the passing of time.
    bool comes_back(const Fix& fix) {
        arm_->must("undo", fix.undo);
        arm_->must("restart after undo", cell_.subject.restart);
        const ProbeResult probe = arm_->probe("probe after undo");
        if (probe.passed)
            return refuted("it still passes after the fix is undone, so the fix is not what cured it");
        return probe.symptom ||
               refuted("after the undo it fails in other words than documented: " + probe.said);
    }

    void does_not_last() {
        arm_->must("restart", cell_.subject.restart);
        const ProbeResult probe = arm_->probe("probe after restart");
        if (probe.passed) arm_->note("it lasts longer than documented: over a restart");
    }

    bool refuted(const std::string& seen) {
        arm_->refute(seen);
        return false;
    }

    void fork_failing(const std::string& name, const std::string& claim) {
        begin_arm(name, claim);
        guest_.reset();
        guest_ = guests_.fork(failing_);
        arm_->enter(*guest_);
    }

    void begin_arm(const std::string& name, const std::string& claim) {
        arm_ = std::make_unique<ArmRun>(cell_, sink_, name, claim);
    }

    enum class KeepLogs { No, WhereRefuted };

    // Evidence is saved while the guest is still there.
    bool end_arm(KeepLogs keep = KeepLogs::WhereRefuted) {
        Arm arm = arm_->finish();
        arm_.reset();
        if (!arm.held && guest_ && keep == KeepLogs::WhereRefuted) {
            std::string folder = arm.name;
            std::replace(folder.begin(), folder.end(), ':', '-');
            for (const auto& file : guest_->diagnose(evidence_ / folder))
                arm.artifacts.push_back(file.string());
        }
        arms_.push_back(std::move(arm));
        return arms_.back().held;
    }

    const Cell& cell_;
    GuestSource& guests_;
    const EventSink& sink_;
    fs::path evidence_;
    std::unique_ptr<Guest> guest_;
    State failing_;
    Inventory failing_inventory_;
    std::unique_ptr<ArmRun> arm_;
    std::vector<Arm> arms_;
    std::string because_;
};

}  // namespace

void judge(const Cell& cell, CellResult& result) {
    const Expectation* expectation = expected(cell.subject, cell.facts, cell.variant);
    if (expectation) {
        result.expected = expectation->verdict;
        if (result.verdict == expectation->verdict && result.because.empty())
            result.because = expectation->because;
    }
    if (result.verdict == result.expected) {
        result.outcome = result.verdict == Verdict::Skipped ? Outcome::Skipped : Outcome::Pass;
    } else if (result.verdict == Verdict::InfraError) {
        result.outcome = Outcome::Infra;
    } else {
        result.outcome = result.verdict == Verdict::Skipped ? Outcome::Skipped : Outcome::Mismatch;
    }
}

CellResult run_cell(const Cell& cell, GuestSource& guests, const EventSink& sink, const fs::path& evidence) {
    const Stopwatch watch;
    CellResult result;
    result.image = cell.image.name;
    result.case_id = cell.subject.id;
    result.variant = cell.variant;
    result.again = again_command(cell);
    sink(cell_event(cell, EventKind::CellStarted));
    if (const auto why = why_skipped(cell.subject, cell.facts, cell.variant)) {
        result.verdict = Verdict::Skipped;
        result.because = *why;
    } else {
        CellRun(cell, guests, sink, evidence).run(result);
    }
    judge(cell, result);
    result.seconds = watch.seconds();
    return result;
}

std::unique_ptr<Guest> guest_at(const Cell& cell, GuestSource& guests, const std::string& at) {
    std::vector<std::string> scripts;
    const auto& subject = cell.subject;
    if (at != "pristine") {
        if (subject.setup) scripts.push_back(*subject.setup);
        if (at != "healthy") scripts.push_back(subject.trigger);
        if (at == "control") scripts.push_back(subject.restart);
    }
    std::vector<std::string> known = {"pristine", "healthy", "failing", "control"};
    for (const auto& fix : subject.fixes) {
        known.push_back(fix.id);
        if (at == fix.id || at == "fix:" + fix.id) {
            scripts.push_back(fix.apply);
            if (fix.takes_effect == TakesEffect::AfterRestart) scripts.push_back(subject.restart);
            known.push_back(at);
        }
    }
    if (std::find(known.begin(), known.end(), at) == known.end())
        throw InputError(
            fmt::format("unknown state \"{}\"; {} has {}", at, subject.id, fmt::join(known, ", ")));
    auto guest = guests.fork(guests.pristine());
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
