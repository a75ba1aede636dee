/// What a worker process is given to do, as one line on its standard input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "casefile/ids.h"
#include "image/layer.h"
#include "results/judge.h"

namespace clamproof {

/// Makes an image ready, with layers over it. Ends with ImageReady, ImageFailed or PackagesRefused.
struct PrepareImage {
    std::string image;
    std::vector<Layer> layers{};

    bool operator==(const PrepareImage&) const = default;
};

/// The same, and looks around in a guest of it. Ends as PrepareImage does.
struct InspectGuest {
    std::string image;
    std::vector<Layer> layers{};
    std::string script;  ///< what it prints comes with the result

    bool operator==(const InspectGuest&) const = default;
};

/// Takes a cell to its verdict. Ends with CellEnded.
struct RunCell {
    CellId cell;
    std::vector<Layer> layers{};
    std::string evidence{};  ///< folder for the logs of guests whose claim did not hold
    int siblings = 0;        ///< cells of the same image and case that nobody has begun yet
    /// The case that this one is a copy of: its siblings are copies in the same variant.
    std::optional<std::string> copy_of{};
    std::optional<Ends> ends{};            ///< asked for is only on which side of a change the cell is
    std::optional<std::string> inspect{};  ///< a script that looks around in the first guest

    bool operator==(const RunCell&) const = default;
};

/// Applies each fix of a cell that is to last, changes the guest, and looks whether it still cures. Ends with
/// SurvivalEnded.
struct CheckFixSurvival {
    CellId cell;
    std::vector<Layer> layers{};
    std::string evidence{};  ///< as of RunCell
    Layer change;

    bool operator==(const CheckFixSurvival&) const = default;
};

using Job = std::variant<PrepareImage, InspectGuest, RunCell, CheckFixSurvival>;

/// What a job is about, for a sentence: an image, or a cell.
std::string job_text(const Job& job);

/// The package files of layers.
std::vector<std::string> packages_of(const std::vector<Layer>& layers);

/// One line, without a line end.
std::string job_to_json(const Job& job);
/// @throws InputError.
Job job_from_json(std::string_view line);

}  // namespace clamproof
