/// What scripts of a case tell the engine, apart from what they show to people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/results.h"

namespace clamproof {

/// A script's stdout, taken apart.
struct Notes {
    std::string visible;                    ///< what is left for people, byte for byte
    std::vector<Scan> scans;                ///< ::scan method=path infected=yes outcome=found file=/path
    std::vector<std::string> because;       ///< ::because why this guest is immune
    std::vector<std::string> side_effects;  ///< ::side-effect what a fix changed besides curing
};

/// Takes the marker lines out. A line that begins like one but is none stays visible, as it is.
Notes read_notes(std::string_view out);

}  // namespace clamproof
