/// One image × case × variant, the texts its scripts are sent as, and a guest for a person to look around in.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "casefile/case.h"
#include "casefile/ids.h"
#include "guest/guest.h"
#include "image/definition.h"
#include "results/results.h"

namespace clamproof {

/// What a cell is about. Holds references: outlived by the case and the image.
struct Cell {
    const Case& subject;
    const ImageDefinition& image;
    Facts facts;
    Variant variant;
    std::string library;                 ///< cases/lib.sh, put before every script
    std::vector<std::string> install{};  ///< package files that are installed over the image
    Called called{};                     ///< how the run was
    std::string over{};                  ///< the same where all that was done to the image is the same

    CellId id() const { return {.image = image.name, .case_id = subject.id, .variant = variant}; }
};

/// A script of the case as it is sent to a guest: the image's clamd block, the facts and what it names of the
/// variant as environment, the shared vocabulary, then the script. Equal texts do the same to equal guests.
/// @throws InfraError where the file cannot be read.
std::string script_text(const Cell& cell, const std::string& script);

/// The same for a text that is in no file.
std::string text_of(const Cell& cell, const std::string& script);

/// Whether the script's text is the same for every variant of the case: it names no VARIANT_ variable.
/// @throws as above.
bool same_for_every_variant(const Cell& cell, const std::string& script);

/// What a cell whose steps others share is called there: its variant, or where there is none its case.
std::string shared_by(const Cell& cell);

/// A guest in the state an arm of the cell works in, for a person to look around: the scripts are run,
/// nothing is claimed.
/// @param at pristine, healthy, failing, control or a fix's id. @throws InputError for any other word,
/// InfraError.
std::unique_ptr<Guest> guest_at(const Cell& cell, GuestHost& guests, const std::string& at);

/// What a cell is at, for whoever watches: one of these.
struct CellStarted {
    CellId cell;
};

struct ArmStarted {
    CellId cell;
    ArmId arm;
};

struct StepStarted {
    CellId cell;
    ArmId arm;
    std::string step;  ///< its part in the arm, such as "probe after reboot"
};

struct ArmEnded {
    CellId cell;
    ArmId arm;
    bool held = false;
    std::string seen{};  ///< what was seen where it did not hold
    double seconds = 0;  ///< that the arm took
};

using CellProgress = std::variant<CellStarted, ArmStarted, StepStarted, ArmEnded>;
using ProgressSink = std::function<void(const CellProgress&)>;

}  // namespace clamproof
