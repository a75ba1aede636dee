#include "proof/fix_survival.h"

#include <fmt/format.h>

#include <algorithm>

#include "image/install.h"
#include "proof/cell_run.h"
#include "results/again.h"

namespace clamproof {
namespace {

// What the upgrade started may still be on its way. Whether it comes, the probe tells.
constexpr const char* wait_for_clamd = "clamd_wait || :";

class SurvivalOfFix {
  public:
    SurvivalOfFix(const Cell& cell, const Fix& fix, const ProgressSink& sink)
        : cell_(cell),
          fix_(fix),
          arm_(cell, sink, ArmId::fix(fix.id), "the fix, applied before the upgrade, still cures after it",
               background_) {}

    void walk(GuestHost& guests, const LaterChange& change) {
        guest_ = guests.open();
        arm_.enter(*guest_);
        if (!cures_before()) return;
        const ScriptResult done = change(*guest_);
        changed_ = true;
        arm_.record("upgrade", done);
        if (done.exit != 0) {
            blame_the_harness(*guest_, done, "upgrading " + cell_.image.name);
            return arm_.refute("on a guest with this fix the packages do not install: " + arm_.last_said());
        }
        guest_->run({.text = text_of(cell_, wait_for_clamd), .deadline = cell_.subject.deadline});
        // The packages' scripts have started clamd in a way of their own, by which it might not fail at all.
        if (!arm_.restart("restart after the upgrade"))
            return arm_.refute("after the upgrade it cannot be started again: " + arm_.last_said());
        const ProbeResult after = arm_.probe("probe after the upgrade");
        if (!after.passed) return arm_.refute("after the upgrade it fails again: " + after.said);
        if (fix_.verify && !arm_.may("verify after the upgrade", *fix_.verify))
            arm_.refute(fmt::format("the probe passes, but {} does not find the fix in place", *fix_.verify));
    }

    void fail(const std::string& why) { arm_.break_off(why); }
    /// Whether it came as far as the change.
    bool changed() const { return changed_; }

    Arm finish(const std::filesystem::path& evidence) {
        Arm arm = arm_.finish();
        if (arm.held || !guest_) return arm;
        for (const auto& file : guest_->diagnose(evidence / arm.id.folder()))
            arm.artifacts.push_back(file.string());
        return arm;
    }

  private:
    bool cures_before() {
        if (cell_.subject.setup) arm_.must("setup", *cell_.subject.setup);
        arm_.must("trigger", cell_.subject.trigger);
        arm_.set_fault(Fault::Fixed);
        if (!arm_.may("apply", fix_.apply)) {
            arm_.refute("it cannot be applied before the upgrade: " + arm_.last_said());
            return false;
        }
        if (fix_.takes_effect == TakesEffect::AfterRestart) arm_.must_restart("restart");
        const ProbeResult before = arm_.probe("probe before the upgrade");
        if (!before.passed) arm_.refute("it does not cure before the upgrade either: " + before.said);
        return before.passed;
    }

    const Cell& cell_;
    const Fix& fix_;
    const std::vector<Denial> background_;  // none: it is the probe that tells
    ArmRun arm_;
    std::unique_ptr<Guest> guest_;
    bool changed_ = false;
};

}  // namespace

Survival run_fix_survival(const Cell& cell, GuestHost& guests, const LaterChange& change,
                          const ProgressSink& sink, const std::filesystem::path& evidence) {
    Survival survival{.cell = blank_result(cell.id(), cell.install, cell.called), .fixes = {}};
    CellResult& result = survival.cell;
    result.verdict = result.expected.emplace(Verdict::Fixed);
    sink(CellStarted{.cell = cell.id()});
    for (const Fix* fix : fixes_for(cell.subject, cell.facts, cell.variant)) {
        if (!fix->is_to_last()) continue;
        SurvivalOfFix one(cell, *fix, sink);
        bool lost_guest = false;
        try {
            one.walk(guests, change);
        } catch (const InfraError& error) {
            one.fail(error.what());
            result.because = error.what();
            lost_guest = true;
        }
        const Arm& arm = result.arms.emplace_back(one.finish(evidence));
        if (lost_guest) {
            result.verdict = Verdict::InfraError;
            continue;
        }
        survival.fixes.push_back({.fix = fix->id,
                                  .fate = arm.held        ? Fate::Survived
                                          : one.changed() ? Fate::Lost
                                                          : Fate::NoCure,
                                  .why = arm.seen});
        if (!arm.held && result.verdict == Verdict::Fixed) result.verdict = Verdict::FixFailed;
    }
    result.outcome = result.verdict == Verdict::Fixed       ? Outcome::Pass
                     : result.verdict == Verdict::FixFailed ? Outcome::Mismatch
                                                            : Outcome::Infra;
    return survival;
}

}  // namespace clamproof
