/// An event in one line of words.
#pragma once

#include <string>

#include "jobs/events.h"
#include "reports/layout.h"

namespace clamproof {

/// Without a line end; harmless to a terminal whatever the guest wrote.
std::string event_line(const Event& event, Colour colour);

/// "image case variant", as far as the event names them.
std::string event_place(const Event& event);

}  // namespace clamproof
