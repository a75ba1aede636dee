/// What happens over a job, as it happens: from a worker process to its parent, and on to the screen.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proof/cell.h"
#include "results/results.h"

namespace clamproof {

/// An image is being built or made ready.
struct BuildStep {
    std::string image;
    std::string step;
    std::optional<double> fraction{};  ///< 0 to 1; none where nobody can tell
    double seconds = 0;                ///< since it began
};

/// Guests can be started from an image with the job's layers.
struct ImageReady {
    ImageInfo image;
    HostInfo host;         ///< what runs its guests
    std::string machine;   ///< equal where verdicts of the image's guests are interchangeable
    std::string output{};  ///< the package manager's, of the topmost layer
    std::optional<std::string> inspected{};  ///< what the job's script printed in a guest of it
    double seconds = 0;
};

/// The harness could not make an image ready.
struct ImageFailed {
    std::string image;
    std::string why;
    double seconds = 0;
};

/// The package manager refused the packages of a layer, or clamd does not come up with them: a finding about
/// these.
struct PackagesRefused {
    std::string image;
    std::string why;
    ImageReady without;  ///< the image without layers
    double seconds = 0;
};

struct CellEnded {
    CellResult cell;
    std::optional<std::string> inspected{};  ///< what the job's script printed in a guest
};

/// Every fix of a cell that is to last has been held against a change.
struct SurvivalEnded {
    CellResult cell;                ///< an arm for each fix
    std::vector<FixOutcome> fixes;  ///< those of which something can be said
};

/// A cell has its verdict, and nothing was expected of it: one side of an upgrade.
struct CellObserved {
    CellId cell;
    Verdict verdict;
    std::string because{};
    int silent_misses = 0;
    double seconds = 0;
};

/// A sentence for the person who watches.
struct Message {
    std::string text;
};

using Event = std::variant<BuildStep, ImageReady, ImageFailed, PackagesRefused, CellStarted, ArmStarted,
                           StepStarted, ArmEnded, CellEnded, SurvivalEnded, CellObserved, Message>;

/// The events that end a job.
using JobResult = std::variant<ImageReady, ImageFailed, PackagesRefused, CellEnded, SurvivalEnded>;

/// The result that an event is; none where the job goes on.
std::optional<JobResult> result_of(Event event);

/// One line, without a line end.
std::string event_to_json(const Event& event);
/// @throws InputError naming the place in the text, what is there and what was expected.
Event event_from_json(std::string_view text);

/// Does what is given for each kind: `std::visit(overloaded{[](const Message&) {…}, …}, event)`.
template <typename... Functions>
struct overloaded : Functions... {
    using Functions::operator()...;
};
template <typename... Functions>
overloaded(Functions...) -> overloaded<Functions...>;

}  // namespace clamproof
