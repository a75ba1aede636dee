/// What cells came to, for others that would come to the very same by the very same scripts.
#pragma once

#include <list>
#include <optional>
#include <string>

#include "guest/guest.h"
#include "proof/audit_window.h"
#include "proof/inventory.h"
#include "results/results.h"

namespace clamproof {

/// A state of a guest, and what was done to come to it.
struct SharedState {
    State state;
    double seconds = 0;  ///< that set-up and trigger took on the way there
    std::string by;      ///< the variant whose cell came to it, in words
    WindowBegin window;  ///< of the audit window that was open then; its mark is empty where there was none
    std::vector<Step> steps;
    std::vector<Scan> scans;
    std::vector<std::string> notes;
    std::string because;  ///< why the case says this guest is spared, by those steps' words
};

/// A failure that was reproduced: all that a cell does before its fixes.
struct Reproduction {
    std::vector<Arm> arms;           ///< healthy, failing and control; each of them held
    std::optional<State> failing;    ///< none where it could not be saved, or is cheaper to come to again
    Inventory inventory;             ///< of the failing state
    std::vector<Denial> background;  ///< what the guest refuses anyway
    FailingState how;
};

/// The states that one worker keeps, and what it learned of their cost. A state is hundreds of MiB of disk,
/// so there are at most six, and one reproduction; the one that was not asked for longest goes first.
class SharedStates {
  public:
    /// @param save_seconds what a save is taken to cost until one was made: 0, so that one is made
    explicit SharedStates(double save_seconds = 0) : save_seconds_(save_seconds) {}

    /// Null where nobody came to it, or it was too long ago. Valid until the next `keep`.
    const SharedState* find(const std::string& key);
    void keep(const std::string& key, SharedState state);

    /// The same of a failure that was reproduced.
    const Reproduction* find_reproduction(const std::string& key) const;
    void keep_reproduction(const std::string& key, Reproduction reproduction);

    /// Saves a guest and learns what that costs; the guest goes on.
    /// @returns nothing where it cannot be saved (no space): then the run goes on without.
    std::optional<State> save(Guest& guest);
    /// Why the last save failed, in words; empty where it did not.
    const std::string& trouble() const { return trouble_; }

    /// Whether a state is cheaper to save than to come to again.
    /// @param seconds that it takes to come to it @param times that it will be needed
    bool worth_saving(double seconds, int times) const;
    /// Seconds the last save took.
    double save_seconds() const { return save_seconds_; }

  private:
    struct Kept {
        std::string key;
        SharedState state;
    };
    std::list<Kept> kept_;  // the last asked for first
    std::string reproduction_key_;
    Reproduction reproduction_;
    double save_seconds_;
    std::string trouble_;
};

/// What a cell may take from others, and leave to them.
struct Sharing {
    SharedStates& states;
    int siblings = 0;           ///< cells that are still to come of the same image and case, or of its copies
    bool same_variant = false;  ///< theirs is this cell's
};

}  // namespace clamproof
