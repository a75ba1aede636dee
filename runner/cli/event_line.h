/// An event in one line of words.
#pragma once

#include <string>

#include "jobs/event.h"
#include "reports/layout.h"

namespace clamproof {

/// Without a line end; harmless to a terminal whatever the guest wrote.
std::string event_line(const Event& event, Colour colour);

/// "building: unpacking, 43 %"
std::string build_step_text(const BuildStep& event);

}  // namespace clamproof
