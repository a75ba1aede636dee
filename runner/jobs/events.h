/// What happens while cases run, as it happens: from a worker process to its parent, and on to the screen.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "results/results.h"

namespace clamproof {

/// In the order in which they happen.
enum class EventKind {
    BuildStep,   ///< image, step: what is being done; fraction: how much of it; seconds since the build began
    BuildEnded,  ///< image, text: why it failed, empty where the image is ready; look; seconds
    NotInstallable,  ///< in place of BuildEnded. image, text: what became of the packages that were to be
                     ///< installed over it; seconds
    CellStarted,     ///< image, case_id, variant
    ArmStarted,      ///< … arm
    StepStarted,     ///< … arm, step
    ArmEnded,        ///< … arm, held, text: what was seen where it did not hold; seconds
    CellEnded,       ///< image, case_id, variant, cell
    Message,         ///< text: a sentence for the person who watches
};

/// "build-step", "cell-ended", …
std::string_view to_string(EventKind kind);

/// Fields that its kind does not name are empty.
struct Event {
    EventKind kind = EventKind::Message;
    std::string image;
    std::string case_id;
    std::map<std::string, std::string> variant;
    std::string arm;
    std::string step;
    std::string text;
    std::string look{};              ///< what the job's script of that name printed in a guest of the image
    std::optional<double> fraction;  ///< 0 to 1; none where nobody can tell
    double seconds = 0;
    bool held = false;
    std::optional<CellResult> cell;
};

/// One line, without a line end.
std::string event_to_json(const Event& event);
/// @throws InputError naming the place in the text, what is there and what was expected.
Event event_from_json(std::string_view text);

}  // namespace clamproof
