#include "proof/cell_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "proof/inventory.h"
#include "results/again.h"
#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

namespace fs = std::filesystem;

// One cell on its way. Each arm is a function that ends with its claim held or refuted.
class CellRun {
  public:
    CellRun(const Cell& cell, GuestHost& guests, Sharing sharing, const ProgressSink& sink,
            const CellOrder& order)
        : cell_(cell), guests_(guests), sharing_(sharing), sink_(sink), order_(order) {}

    void run(CellResult& result) {
        try {
            result.verdict = walk();
        } catch (const InfraError& error) {
            because_ = error.what();
            result.verdict = Verdict::InfraError;
            if (arm_) {
                arm_->break_off(error.what());
                end_arm();
            }
        }
        result.because = because_;
        result.arms = std::move(arms_);
        result.failing_state = failing_state_;
    }

  private:
    Verdict walk() {
        std::optional<Verdict> uncontrolled;
        if (!adopt_reproduction()) {
            if (!healthy()) return Verdict::Unhealthy;
            if (const auto other = failing()) return *other;
            if (answered()) return Verdict::Reproduced;
            uncontrolled = keep_and_control();
            if (order_.ends && uncontrolled) return *uncontrolled;
        }
        bool all_cure = true;
        const auto fixes = fixes_for(cell_.subject, cell_.facts, cell_.variant);
        for (const Fix* fix : fixes) all_cure = try_fix(*fix) && all_cure;
        return uncontrolled.value_or(all_cure ? Verdict::Fixed : Verdict::FixFailed);
    }

    // @returns nothing where it goes on failing, else the cell's verdict
    std::optional<Verdict> keep_and_control() {
        failing_inventory_ = take_inventory(*guest_);
        const auto fixes = fixes_for(cell_.subject, cell_.facts, cell_.variant).size();
        if (fixes == 0)
            throw InfraError(cell_.subject.id +
                             " names no fix for this variant, so there is nothing to prove");
        keep_failing(static_cast<int>(fixes) + (sharing_.same_variant ? sharing_.siblings : 0));
        const auto uncontrolled = control();
        if (!uncontrolled) offer_reproduction();
        return uncontrolled;
    }

    // A copy of a case that is broken in a fix alone begins with its fixes.
    bool adopt_reproduction() {
        const Reproduction* known =
            sharing_.same_variant ? sharing_.states.find_reproduction(key_of_reproduction()) : nullptr;
        if (!known) return false;
        arms_ = known->arms;
        for (Arm& arm : arms_)
            for (Step& step : arm.steps) step.shared = shared_by(cell_);
        failing_ = known->failing;
        failing_inventory_ = known->inventory;
        background_ = known->background;
        failing_state_ = known->how;
        return true;
    }

    void offer_reproduction() {
        if (!sharing_.same_variant || sharing_.siblings == 0) return;
        sharing_.states.keep_reproduction(key_of_reproduction(), {.arms = arms_,
                                                                  .failing = failing_,
                                                                  .inventory = failing_inventory_,
                                                                  .background = background_,
                                                                  .how = *failing_state_});
    }

    // All that is run before the fixes, and all that it is judged by.
    std::string key_of_reproduction() const {
        const Case& subject = cell_.subject;
        std::string texts =
            key_of({subject.trigger, subject.took, subject.probe}) + subject.symptom.text() + "\n";
        if (subject.restart) texts += script_text(cell_, *subject.restart);
        for (const auto& evidence : subject.evidence) {
            texts += evidence.text() + (evidence.when.holds(cell_.facts, cell_.variant) ? " here\n" : "\n");
            if (!evidence.script.empty()) texts += script_text(cell_, evidence.script);
        }
        return sha256(texts);
    }

    // Whatever the arms that are left may prove, it is on the same side.
    bool answered() const {
        if (!order_.ends) return false;
        const Expectation* expectation = expected(cell_.subject, cell_.facts, cell_.variant);
        return side_of(Verdict::Reproduced, *order_.ends,
                       expectation ? std::optional(expectation->verdict) : std::nullopt) != Side::Unknown;
    }

    // Where neither set-up nor what looks knows the variant, one cell's run of them is every other one's.
    bool healthy() {
        begin_arm(ArmId::healthy(), "the probe passes before anything is broken");
        const bool shared =
            set_up_is_shared() && is_shared(cell_.subject.probe) && is_shared(cell_.subject.took);
        const std::string key = key_of({cell_.subject.probe, cell_.subject.took});
        if (shared && go_on_from(key)) return end_healthy();
        set_up();
        const ProbeResult probe = arm_->probe("probe");
        if (!probe.passed) arm_->refute("the probe fails: " + probe.said);
        if (arm_->may("took before the trigger", cell_.subject.took))
            arm_->refute(
                cell_.subject.took +
                " succeeds before the trigger: the fault is in place already, or it does not look for it");
        arm_->assert_guarded();
        if (shared && arm_->held()) offer(key);
        return end_healthy();
    }

    // What is refused where nothing is broken is this guest's own, and says nothing of the failure.
    bool end_healthy() {
        background_ = arm_->record_denials();
        if (!background_.empty())
            arm_->note(fmt::format("{} of denials the guest shows anyway: they prove and disprove nothing",
                                   counted(background_.size(), "kind")));
        return end_arm();
    }

    void set_up() {
        if (trigger_is_shared() && go_on_from(key_of({}))) return;
        guest_ = guests_.open();
        arm_->enter(*guest_);
        if (!cell_.subject.setup) return;
        setting_up_ += arm_->must("setup", *cell_.subject.setup);
        if (trigger_is_shared()) offer(key_of({}));
    }

    // The guest the probe has been in goes on, but for a trigger that is run for all variants at once: that
    // one follows the set-up, so that no variant's probe comes before another's trigger.
    void trigger() {
        const std::string key = key_of({cell_.subject.trigger});
        if (trigger_is_shared() && go_on_from(key)) return;
        const bool can_save = sharing_.states.trouble().empty();
        const bool for_others = trigger_is_shared() && sharing_.siblings > 0 && can_save && start_set_up();
        arm_->enter(*guest_);
        setting_up_ += arm_->must("trigger", cell_.subject.trigger);
        if (for_others) offer(key);
    }

    // A guest in which nothing was done but the set-up. @returns whether there is one
    bool start_set_up() {
        if (cell_.subject.setup) {
            const SharedState* set_up = sharing_.states.find(key_of({}));
            if (set_up) fork(set_up->state);
            return set_up != nullptr;
        }
        guest_.reset();  // one domain of a name at a time
        guest_ = guests_.open();
        return true;
    }

    bool is_shared(const std::string& script) const {
        return sharing_.same_variant || same_for_every_variant(cell_, script);
    }
    bool set_up_is_shared() const {
        return (sharing_.same_variant || !cell_.variant.empty()) &&
               (!cell_.subject.setup || is_shared(*cell_.subject.setup));
    }
    // Without a set-up the trigger of other variants costs less than a state.
    bool trigger_is_shared() const {
        return (cell_.subject.setup || sharing_.same_variant) && set_up_is_shared() &&
               is_shared(cell_.subject.trigger);
    }

    // Image, and the whole texts that are run in the guest up to there: the set-up's, then these.
    std::string key_of(std::initializer_list<std::string> scripts) const {
        std::string texts = cell_.image.name + cell_.over + "\n";
        if (cell_.subject.setup) texts += script_text(cell_, *cell_.subject.setup);
        for (const auto& script : scripts) texts += script_text(cell_, script);
        return sha256(texts);
    }

    // Goes on where another cell came to by the very same scripts.
    bool go_on_from(const std::string& key) {
        const SharedState* known = sharing_.states.find(key);
        if (!known) return false;
        fork(known->state);
        arm_->adopt(*guest_, *known);
        setting_up_ = known->seconds;
        return true;
    }

    // Leaves to other cells what this arm came to.
    void offer(const std::string& key) {
        double seconds = 0;
        for (const Step& step : arm_->steps()) seconds += step.seconds;
        if (!sharing_.states.worth_saving(seconds, sharing_.siblings)) return;
        auto state = sharing_.states.save(*guest_);
        if (!state) return;
        SharedState shared = arm_->to_share();
        shared.state = std::move(*state);
        shared.seconds = setting_up_;
        sharing_.states.keep(key, std::move(shared));
    }

    // Nothing where it is reproduced as documented, else the cell's verdict.
    std::optional<Verdict> failing() {
        begin_arm(ArmId::failing(),
                  "after the trigger the probe fails, in the documented words, with the documented evidence");
        trigger();
        const bool took = arm_->may("took", cell_.subject.took);
        const std::string why_not = took ? "" : arm_->last_said();
        const ProbeResult probe = arm_->probe("probe");
        if (!took) return not_triggered(why_not);
        const EvidenceResult evidence =
            arm_->evidence(probe.passed ? ArmRun::Scripts::Spare : ArmRun::Scripts::Run);
        const bool no_effect = probe.passed && !evidence.any_denial;
        arm_->assert_guarded(no_effect ? ArmId::healthy() : ArmId::failing());
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
        return end_arm() ? std::nullopt : std::optional(Verdict::DifferentFailure);
    }

    Verdict not_triggered(const std::string& why) {
        arm_->refute(fmt::format("the trigger did not put the fault in place: {} does not find it{}{}",
                                 cell_.subject.took, why.empty() ? "" : ": ", why));
        end_arm();
        return Verdict::NotTriggered;
    }

    // The cheaper way, by what was measured here: saved once, or set-up and trigger once more for each fix.
    void keep_failing(int starts) {
        if (sharing_.states.worth_saving(setting_up_, starts)) {
            failing_ = sharing_.states.save(*guest_);
            unsaved_because_ = sharing_.states.trouble();
        }
        failing_state_ = {.saved = failing_.has_value(),
                          .save_seconds = sharing_.states.save_seconds(),
                          .again_seconds = setting_up_,
                          .starts = starts};
    }

    // In the guest that just failed, which is in the failing state itself.
    // @returns nothing where it goes on failing, else the cell's verdict
    std::optional<Verdict> control() {
        begin_arm(ArmId::control(), "without a fix, the same restart leaves it failing");
        arm_->enter(*guest_);
        if (!unsaved_because_.empty())
            arm_->note("set-up and trigger are run again for each fix: " + unsaved_because_);
        arm_->must_restart("restart");
        const ProbeResult probe = arm_->probe("probe");
        std::optional<Verdict> verdict;
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
        begin_arm(ArmId::fix(fix.id),
                  fix.survives == Survives::Nothing
                      ? "it cures for the moment"
                      : fmt::format("it cures, twice over, lasts over a {}, and the failure is back "
                                    "when it is undone",
                                    to_string(fix.survives)));
        start_failing();
        if (cures(fix) && verified(fix) && changes_nothing_else(fix)) {
            if (fix.survives == Survives::Nothing) {
                does_not_last();
            } else {
                lasts(fix) && comes_back(fix);
            }
        }
        return end_arm();
    }

    // From here on whatever is refused counts, also on the way: the fix is to be in place.
    bool applied(const Fix& fix, const std::string& what) {
        arm_->open_window();
        arm_->set_fault(Fault::Fixed);
        return arm_->may(what, fix.apply) ||
               refuted(fmt::format("the fix cannot be applied: {} ({}) failed", fix.apply, what));
    }

    bool cures(const Fix& fix) {
        if (!applied(fix, "apply")) return false;
        if (fix.takes_effect == TakesEffect::Now) return cured("probe after apply");
        return restarted("restart") && cured("probe after restart");
    }

    // The control has shown that the restart works without the fix. What is refused to a clamd that starts
    // counts.
    bool restarted(const std::string& what) {
        if (arm_->restart(what)) return true;
        return refuted(fmt::format("{}: {} fails with the fix in place: {}", what, *cell_.subject.restart,
                                   arm_->last_said()));
    }

    bool verified(const Fix& fix) {
        return !fix.verify || arm_->may("verify", *fix.verify) ||
               refuted(fmt::format("the probe passes, but {} does not find the fix in place", *fix.verify));
    }

    // What else a fix does the probe does not see, but the inventory may.
    bool changes_nothing_else(const Fix& fix) {
        const auto changes = what_changed(failing_inventory_, take_inventory(*guest_));
        arm_->note_changes(change_names(changes));
        const auto others = other_changes(changes, fix.changes);
        return others.empty() || refuted(fmt::format("it cures, but does more than its \"changes\" allow: {}",
                                                     fmt::join(change_names(others), ", ")));
    }

    // The probe passes, and nothing of the documented kind was refused since the window was opened.
    bool cured(const std::string& what) {
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
        arm_->open_window();
        arm_->reboot();
        if (!restarted("restart after reboot")) return false;
        arm_->assert_guarded();
        return cured("probe after reboot");
    }

    // Without this it could have been anything that cured: the boot, the restart, the passing of time.
    bool comes_back(const Fix& fix) {
        arm_->set_fault(Fault::Present);
        arm_->must("undo", fix.undo);
        arm_->must_restart("restart after undo");
        const ProbeResult probe = arm_->probe("probe after undo");
        if (probe.passed)
            return refuted("it still passes after the fix is undone, so the fix is not what cured it");
        return probe.symptom ||
               refuted("after the undo it fails in other words than documented: " + probe.said);
    }

    void does_not_last() {
        arm_->set_fault(Fault::Present);
        arm_->must_restart("restart");
        const ProbeResult probe = arm_->probe("probe after restart");
        if (probe.passed) arm_->note("it lasts longer than documented: over a restart");
    }

    bool refuted(const std::string& seen) {
        arm_->refute(seen);
        return false;
    }

    void fork(const State& state) {
        guest_.reset();  // one domain of a name at a time
        guest_ = guests_.fork(state);
    }

    void start_failing() {
        guest_.reset();  // one domain of a name at a time
        guest_ = failing_ ? guests_.fork(*failing_) : guests_.open();
        arm_->enter(*guest_);
        if (failing_) return;
        if (cell_.subject.setup) arm_->must("setup again", *cell_.subject.setup);
        arm_->must("trigger again", cell_.subject.trigger);
        if (!arm_->may("took again", cell_.subject.took))
            throw InfraError("the trigger, run again, does not put the fault in place: " + arm_->last_said());
        const ProbeResult probe = arm_->probe("probe after trigger again");
        if (probe.passed || !probe.symptom)
            throw InfraError("the trigger, run again, does not lead to the same failure: " + probe.said);
    }

    void begin_arm(ArmId id, const std::string& claim) {
        arm_ = std::make_unique<ArmRun>(cell_, sink_, std::move(id), claim, background_);
    }

    enum class KeepLogs { No, WhereRefuted };

    // Evidence is saved while the guest is still there; its state first, because looking for logs changes it.
    bool end_arm(KeepLogs keep = KeepLogs::WhereRefuted) {
        Arm arm = arm_->finish();
        arm_.reset();
        if (!arm.held && guest_ && keep == KeepLogs::WhereRefuted) {
            if (order_.refuted) keep_state(arm);
            for (const auto& file : guest_->diagnose(order_.evidence / arm.id.folder()))
                arm.artifacts.push_back(file.string());
        }
        arms_.push_back(std::move(arm));
        return arms_.back().held;
    }

    void keep_state(Arm& arm) {
        try {
            order_.refuted->push_back({.arm = arm.id, .state = guest_->save()});
        } catch (const InfraError& error) {
            arm.notes.push_back(fmt::format("the guest could not be kept: {}", error.what()));
        }
    }

    const Cell& cell_;
    GuestHost& guests_;
    Sharing sharing_;
    const ProgressSink& sink_;
    const CellOrder& order_;
    std::unique_ptr<Guest> guest_;
    std::optional<State> failing_;
    std::optional<FailingState> failing_state_;
    Inventory failing_inventory_;
    std::vector<Denial> background_;
    std::unique_ptr<ArmRun> arm_;
    std::vector<Arm> arms_;
    std::string because_;
    std::string unsaved_because_;
    double setting_up_ = 0;  // seconds that set-up and trigger took
};

}  // namespace

CellResult run_cell(const Cell& cell, GuestHost& guests, Sharing sharing, const ProgressSink& sink,
                    const CellOrder& order) {
    const Stopwatch watch;
    CellResult result = blank_result(cell.id(), cell.install, cell.called);
    sink(CellStarted{.cell = cell.id()});
    if (const auto why = why_skipped(cell.subject, cell.facts, cell.variant)) {
        result.verdict = Verdict::Skipped;
        result.because = *why;
    } else {
        CellRun(cell, guests, sharing, sink, order).run(result);
    }
    judge(cell.subject, cell.facts, result);
    result.seconds = watch.seconds();
    return result;
}

}  // namespace clamproof
