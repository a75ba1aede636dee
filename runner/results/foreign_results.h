/// Results that another clamproof wrote, as far as this one knows their shape.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "results/results.h"

namespace clamproof {

struct ForeignRun {
    RunResults run;
    int version = 0;             ///< of its shape, as results_version
    std::size_t unreadable = 0;  ///< results whose words are unknown here
};

/// Of another version, what is missing is empty, and what is unknown is left out: enough to show, too little
/// to judge. Of this version, as run_from_json. @throws InputError where it is no results.json at all.
ForeignRun foreign_run_from_json(std::string_view text, const std::string& name);

}  // namespace clamproof
