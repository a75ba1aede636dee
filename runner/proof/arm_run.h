/// One arm under way: scripts run in a guest, what they showed is written down.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "guest/guest.h"
#include "proof/audit_window.h"
#include "proof/cell.h"
#include "proof/shared_states.h"
#include "results/results.h"
#include "support/clock.h"

namespace clamproof {

/// What a probe showed.
struct ProbeResult {
    bool passed = false;
    bool symptom = false;  ///< it failed in the documented words
    std::string said;      ///< its last line, for a sentence
};

/// How the case's evidence stands over the time since the window was opened.
struct EvidenceResult {
    bool any_denial = false;           ///< some denial is of a documented kind
    std::vector<std::string> missing;  ///< what of the documented evidence does not hold, in words
};

/// What a script ends with whose wait ran out (`await` in cases/lib.sh; EX_TEMPFAIL of sysexits.h).
inline constexpr int wait_ran_out = 75;

/// Fills an Arm. Scripts whose failure says nothing about clamd (set-up, trigger, restart, undo) throw an
/// InfraError; so does every script that was killed, or whose wait ran out while the guest was too slow to
/// judge by.
class ArmRun {
  public:
    /// @param background what the guest refuses anyway; it satisfies and breaks nothing
    ArmRun(const Cell& cell, const ProgressSink& sink, ArmId id, std::string claim,
           const std::vector<Denial>& background);

    /// The guest to work in from here on; an audit window opens.
    void enter(Guest& guest);
    /// Opens another window: to be done before whatever starts clamd, so that what is refused on the way
    /// counts.
    void open_window();
    /// Goes on in a guest that is where another cell came to: what that did is this arm's, too.
    void adopt(Guest& guest, const SharedState& from);
    /// What another cell needs to adopt, but for the state itself.
    SharedState to_share() const;
    const std::vector<Step>& steps() const { return arm_.steps; }

    /// What is the matter with the guest from here on. At first nothing in the healthy arm, else the failure.
    void set_fault(Fault fault) { fault_ = fault; }
    /// Takes in what was done in the guest by others. @param what its part in the arm
    void record(const std::string& what, const ScriptResult& done);
    /// Runs a script that has to work. @param what its part in the arm
    /// @returns the seconds it took. @throws InfraError where it fails or takes too long.
    double must(const std::string& what, const std::string& script);
    /// Runs a script whose failure is a finding. @returns whether it exited with 0.
    bool may(const std::string& what, const std::string& script);
    /// Starts clamd again as the case does, where it does. @param what its part in the arm
    /// @returns whether that succeeded. @throws InfraError where the clamd that ran goes on running: then
    /// nothing was restarted.
    bool restart(const std::string& what);
    /// The same where it has to succeed. @throws InfraError as well where it does not.
    void must_restart(const std::string& what);
    /// The last line the last script said, for a sentence.
    std::string last_said() const;
    ProbeResult probe(const std::string& what);
    /// What was refused since the window was opened, the background included, goes to the arm. @returns it
    std::vector<Denial> record_denials();
    enum class Scripts { Run, Spare };
    /// Adds the window's denials to the arm and holds the case's evidence against them and the guest.
    /// @param scripts whether the scripts that show evidence run too; without a failure there is nothing for
    /// them to show
    EvidenceResult evidence(Scripts scripts);
    /// What the case's evidence names and the window holds: "denial …, 12 times"; empty where there is
    /// nothing. Takes the window's denials to the arm where there is something.
    std::string stray_denials();
    /// The window that is open stays so over the reboot.
    void reboot();
    /// Notes what differs on the guest since `before`.
    void note_changes(std::vector<std::string> changes) { arm_.changes = std::move(changes); }
    void note(const std::string& text) { arm_.notes.push_back(text); }
    /// Asserts that the guest enforces, and that clamd is confined unless the case says otherwise for the arm
    /// whose state the guest is in.
    void assert_guarded(const ArmId& state_of);
    void assert_guarded() { assert_guarded(arm_.id); }

    /// The claim did not hold. The first sentence stands.
    /// @throws InfraError where the guest's disk is full: then it says nothing of clamd.
    void refute(const std::string& seen);
    /// The harness cannot go on, so the claim does not stand either.
    void break_off(const std::string& trouble);
    bool held() const { return arm_.held; }
    /// Why the case says this guest is spared, by its scripts' words; empty where they said nothing.
    const std::string& because() const { return because_; }

    /// Ends the arm and tells the sink.
    Arm finish();

  private:
    void announce_step(const std::string& what);
    Step& step(const std::string& what, const std::string& script);
    void check_speed(const Step& step, const std::string& script);
    void take_notes(Step& step);

    const Cell& cell_;
    const ProgressSink& sink_;
    const std::vector<Denial>& background_;
    Arm arm_;
    Fault fault_;
    std::string because_;
    Guest* guest_ = nullptr;
    std::unique_ptr<AuditWindow> window_;
    Stopwatch watch_;
};

}  // namespace clamproof
