/// What a worker process is given to do, as one line on its standard input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casefile/when.h"
#include "image/layer.h"
#include "proof/judge.h"

namespace clamproof {

/// Make an image ready, or (with a case) run one cell of it.
struct Job {
    std::string image;
    std::string case_id;  ///< empty: make the image ready
    Variant variant;
    std::string evidence;  ///< folder for the logs of guests whose claim did not hold
    int siblings = 0;      ///< cells of the same image and case that nobody has begun yet

    std::vector<Layer> stages{};     ///< one over the other
    std::optional<Ends> question{};  ///< none: the cell is run to its verdict
    std::optional<Layer> later{};    ///< done to guests in which a fix is in place (proof/fix_survival.h),
                                     ///< in place of the cell's own arms
    std::string look{};              ///< a script that is run in the job's first guest, before any cell

    bool prepares() const { return case_id.empty(); }
    bool operator==(const Job&) const = default;
};

/// "image case variant": the same for a job and its result.
std::string cell_key(const std::string& image, const std::string& case_id, const Variant& variant);

/// Files, of all its stages.
std::vector<std::string> packages_of(const Job& job);

/// One line, without a line end.
std::string job_to_json(const Job& job);
/// @throws InputError.
Job job_from_json(std::string_view line);

}  // namespace clamproof
