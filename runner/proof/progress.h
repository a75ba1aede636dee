/// What a cell is at, for whoever watches.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "casefile/ids.h"

namespace clamproof {

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
